/** Nouns of operations and office work that are used for one another. A word may be in several groups. */
export const thingGroups = `
vm: vm, virtual machine, virtual server, guest
machine: machine, computer, desktop, workstation, pc, laptop, notebook, server, host, node, box, device
container: container, pod, docker container
service: service, daemon, application, app, stack
certificate: certificate, cert, ssl, tls, padlock, https
account: account, user, login, profile, log in, sign in, logon, username, sign on
access: access, permission, permissions, rights, right, privilege, authorisation, authorization, clearance
password: password, passphrase, pin, credentials, passcode
key: key, badge, key card, access card, fob, card
alert: alert, alarm, notification, alarms, warning, pager
cache: cache, cached, cdn
volume: volume, disk, storage, drive, partition, filesystem, file system
database: database, db, schema
backup: backup, back-up, copy
snapshot: snapshot, state
latency: latency, ping, round trip, delay, response time, line, rtt, lag
dashboard: dashboard, board, panel
wallpaper: wallpaper, background, desktop background, backdrop
port: port, traffic, incoming
vpn: vpn, wireguard, tunnel
playbook: playbook, ansible, automation
portal: portal, portals
config: config, configuration, settings, setup, setting
monitoring: monitoring, monitor, observability, supervision
log: log, logs, logfile, journal
domain: domain, site, website, web site, page, homepage, web page
dns: dns, name record, a record, cname
firewall: firewall, packet filter
release: release, version, build, tag
pipeline: pipeline, workflow, build, job, ci
branch: branch, line
merge_request: merge request, pull request, pr, prs, mr
repository: repository, repo, codebase, project
test: test, tests, suite, test suite, unit tests, checks
environment: environment, env, stage, staging, production
feature_flag: feature flag, flag, toggle, feature toggle, switch
incident: incident, outage, disruption
ticket: ticket, issue, case, request, bug
invoice: invoice, bill, receipt
customer: customer, client, buyer, shopper, purchaser, guest
order: order, purchase, sales order
parcel: parcel, package, shipment, delivery, consignment, packet, goods
label: label, sticker, tag
refund: refund, money back, reimbursement, repayment
employee: employee, staff, worker, colleague, staff member, personnel, team member
meeting: meeting, appointment, conference, call, session, talk, get-together
room: room, space, hall, chamber, office, lab, theatre, suite
patient: patient, sick person, case
ward: ward, station, unit, floor
bed: bed, berth
medicine: medicine, medication, drug, drugs, pill, pills, dose, remedy, pharmaceutical, tablets
meal: meal, food, lunch, dinner, breakfast, supper, diet, menu
sample: sample, specimen, blood sample, probe
wheelchair: wheelchair, stretcher, trolley, gurney
linen: linen, laundry, sheets, bedding, bedclothes, towels
doctor: doctor, physician, surgeon, consultant, medic
nurse: nurse, carer, caregiver
ambulance: ambulance, rescue vehicle
equipment: equipment, device, apparatus, instrument
waste: waste, rubbish, garbage, trash, refuse, litter
interpreter: interpreter, translator
student: student, pupil, child, learner, kid, schoolchild
teacher: teacher, tutor, instructor, lecturer, professor
class: class, course, lesson, form, school class
parent: parent, guardian, mother, father, parents, mum, mom, dad, family
grade: grade, mark, score, result, grades
timetable: timetable, schedule, plan, class schedule
exam: exam, examination, test, quiz
absence: absence, sick, ill, off sick, missing, away, absent
leave: leave, holiday, vacation, day off, time off
excursion: excursion, trip, outing, field trip
certificate_school: certificate, transcript, report card, diploma, confirmation
bus: bus, coach, shuttle
light: light, lights, lamp, lamps, lighting, illumination
heating: heating, temperature, thermostat, radiator, heat, degrees, warmer, heater
cooling: cooling, air conditioning, ac, air conditioner
door: door, gate, entrance, barrier, entry
blind: blind, blinds, shutter, shutters, curtain, curtains, shade, shades
window: window, windows, skylight
elevator: elevator, lift
fan: fan, ventilation, ventilator, air
sensor: sensor, detector, probe
meter: meter, counter, gauge, consumption, reading
cleaning: cleaning, cleaner, janitor, cleaning crew
parking: parking, parking space, car park, parking lot, parking spot, bay
visitor: visitor, guest, caller
payment: payment, transfer, remittance, payout, wire
bank_account: bank account, account, iban
balance: balance, account balance
report: report, statement, summary, evaluation, overview
budget: budget, funds, allowance
expense: expense, expenses, expense claim, expense report, costs, claim
exchange: exchange rate, currency, fx
tax: tax, vat, duty
salary: salary, wage, wages, payroll, pay
supplier: supplier, vendor, seller, creditor
ledger: ledger, books, bookkeeping, journal, accounts
credit: credit, loan
voucher: voucher, coupon, discount code, promo code, gift card, code
stock: stock, inventory, quantity on hand, supply, level
product: product, item, article, sku, goods, listing
price: price, cost, pricing, rate
warehouse: warehouse, depot, storehouse
campaign: campaign, newsletter, mailing, promotion
review: review, rating, feedback
address: address, shipping address, delivery address, street
email: email, mail, e-mail, message, letter, note
message: message, note, text, sms, announcement, notice
document: document, file, paper, form, record
contract: contract, agreement, deal
car: car, vehicle, van, truck
flight: flight, plane, air travel
hotel: hotel, accommodation, lodging
printer: printer, copier
phone: phone, telephone, mobile, extension
subscription: subscription, membership, plan
task: task, job, to-do, chore, duty
shift: shift, duty, roster, rota
deadline: deadline, due date
newsletter: newsletter, mailing list, mailing
queue: queue, backlog, waiting list, line
time: time, clock, hour
image: image, picture, photo, png, jpg
network: network, net, lan
key_rotation: secret, token, api key
group: group, team, department
weather: weather, forecast
lineage: lineage, origin, provenance, come from, comes from, came from
humidity: humidity, moisture, humid, dampness
music: music, song, playlist
retention: retention, keep, kept, history, how long
patch: update, updates, patch, patches, fix
software: package, packages, software, program, programs
speed: speed, bandwidth, megabits, mbit, throughput
ip: ip, ip address, address, fixed address, static address
quota: quota, limit, cap, allowance, space limit
share: share, shared folder, network folder, network drive, folder
disk: disk, drive, disks, drives, hard drive
power: power, electricity, plug, outlet, socket
film: film, films, movie, movies, cinema
series: series, show, shows, tv show, tv shows
photos: photo, photos, picture, pictures, image
songs: song, songs, album, albums, tracks
audiobook: audiobook, audiobooks, audio book, audio books
library: library, collection, catalogue, media library, media
camera: camera, cameras, cctv, webcam, surveillance
artifact: artifact, artefact, artifacts, build output, binary
runner: runner, runners, build agent, build machine, build server
coverage: coverage, test coverage, covered code
vulnerability: vulnerability, vulnerabilities, security hole, security holes, cve
dependency: dependency, dependencies, library, libraries, third party
secret: secret, secrets, credentials, credential, token
changelog: changelog, change log, release notes, what changed, list of changes
documentation: documentation, docs, manual, handbook, wiki
return: return, returns, returned goods, return shipment, rma
appointment: appointment, appointments, visit, slot, date
waiting_list: waiting list, waitlist, wait list, queue, spot opens
prescription: prescription, prescriptions, script, rx, recipe
referral: referral, referrals, transfer slip, specialist, referred
insurance: insurance, insurer, insurers, cover, coverage
lab_test: lab test, blood test, blood count, lab work, bloods
lab_result: result, results, lab results, lab values, findings
vaccination: vaccination, vaccine, shot, jab, immunisation
diagnosis: diagnosis, finding, findings, condition, illness
record: record, records, file, files, patient file
supplies: supplies, supply, material, materials, consumables
screen: screen, screens, display, displays, monitor
terminal: terminal, terminals, kiosk, kiosks, check-in
notice: notice, notices, announcement, sign, poster
badge: badge, badges, key card, keycard, pass
sales: sales, turnover, revenue, takings, earnings
reminder: reminder, reminders, dunning, nudge, prompt
restaurant: restaurant, restaurants, bistro, diner, cafe
reservation: reservation, reservations, booking, bookings, table
ticket_pass: ticket, tickets, pass, admission, boarding pass
payment_card: card, credit card, debit card, bank card, visa
translation: translation, translations, language, languages, meaning
recipe: recipe, recipes, dish, ingredients, cook
timer: timer, countdown, stopwatch, alarm, clock
calendar: calendar, agenda, diary, schedule, appointments
shopping_list: shopping list, grocery list, groceries, list
todo_list: to do list, todo list, to-do list, task list, list
directions: directions, route, way, path, navigation
distance: distance, far, how far, miles, kilometers
traffic: traffic, congestion, traffic jam, jam, rush hour
fuel: fuel, gas, petrol, diesel, gasoline
tire: tire, tires, tyre, tyres, wheel
luggage: luggage, baggage, suitcase, bag, bags
travel: travel, trip, journey, vacation, holiday
visa: visa, passport, entry permit, travel document
health: health, wellbeing, fitness, nutrition, calories
stocktake: stocktake, stock count, inventory count, inventory, counting
fleet: fleet, vehicles, cars, trucks, vans
pallet: pallet, pallets, crate, crates, skid
truck: truck, trucks, lorry, lorries, trailer
driver: driver, drivers, chauffeur, courier, carrier
dock: dock, docks, ramp, gate, bay
route: route, routes, tour, tours, round
plant: plant, plants, flower, flowers, garden
irrigation: irrigation, watering, sprinkler, sprinklers, water
animal: animal, animals, pet, dog, cat
machine_tool: machine, lathe, press, robot, line
production: production, batch, lot, run, manufacturing
inspection: inspection, inspections, quality check, audit, examination
spare_part: spare part, spare parts, part, parts, component
permit: permit, licence, license, permission, approval
fine: fine, penalty, ticket, charge
property: property, apartment, flat, house, home
tenant: tenant, tenants, renter, lodger, resident
rent: rent, rents, lease, tenancy
repair: repair, repairs, maintenance, fault, defect
key_lock: key, keys, lock, locks, padlock
event: event, events, concert, party, conference
venue: venue, hall, location, place, site
speaker: speaker, speakers, presenter, lecturer, host
donor: donor, donors, sponsor, supporter, benefactor
volunteer: volunteer, volunteers, helper, helpers, assistant
lawsuit: case, matter, lawsuit, proceeding, claim
hearing: hearing, trial, court date, session, court
client_matter: client, matter, mandate, case
book: book, books, volume, title, novel
borrower: borrower, reader, patron, member, library card
loan_item: loan, borrowing, lending, checkout
seat: seat, seats, chair, place, spot
guest: guest, guests, visitor, visitors, resident
room_service: room service, breakfast in bed, in-room dining
minibar: minibar, mini bar, fridge, drinks
crew: crew, team, staff, personnel, cast
drone: drone, drones, uav, quadcopter
robot: robot, robots, agv, vacuum robot, arm
energy: energy, electricity, power, consumption, solar
water: water, tap, faucet, pipe, pipes
gas: gas, gas line, boiler
fire: fire, smoke, flames, evacuation, fire alarm
security: security, guard, guards, protection, safety
drill: drill, exercise, rehearsal, practice
training: training, trainings, course, workshop, onboarding
model: model, models, network, classifier, weights
dataset: dataset, data set, data, training data, corpus
experiment: experiment, experiments, run, trial, study
query: query, queries, question, questions, search
index: index, indices, indexes, search index
job: job, jobs, task, cron job, cronjob
user_group: group, groups, role, roles, team
webhook: webhook, webhooks, callback, hook, hooks
endpoint: endpoint, endpoints, api, interface, url
node: node, nodes, worker, workers, machine
cluster: cluster, clusters, kubernetes, k8s, swarm
instance: instance, instances, replica, replicas, copies
traffic_split: canary, canary release, rollout, percentage, share of traffic
load_balancer: load balancer, balancer, proxy, reverse proxy, ingress
bucket: bucket, buckets, object storage, s3, blob
mail: mail, mailbox, inbox, mail server, mailing
spam: spam, junk, phishing, unwanted mail
virus: virus, malware, trojan, infection
poll: poll, survey, questionnaire, vote, feedback
feedback: feedback, opinion, satisfaction, rating, happy
complaint: complaint, complaints, grievance, claim, dispute
warranty: warranty, guarantee, cover
gift: gift, gifts, present, gift card, voucher
points: points, loyalty points, bonus points, rewards, reward
photo_product: photo, photos, picture, pictures, image
description: description, text, wording, copy, blurb
category: category, categories, section, department, group
size: size, dimension, measurement, dimensions
currency: currency, money, exchange, euro, dollar
bundle: bundle, set, package, pack, kit
supplier_order: purchase order, reorder, replenishment, delivery
fraud: fraud, scam, suspicious, fraudulent, abuse
`
