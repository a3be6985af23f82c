/** Words and phrases that speak of a thing without naming it: who is insured has an insurance. See related-actions.ts. */
export const relatedToThings = `
vm: instance, guest system, virtual box, vms, virtual machines
machine: rig, mini pc, system, appliance, terminal, kiosk, tower, nas, client, endpoint
container: docker, pods, dockers
service: process, program, software, backend, component, microservice, apps, deployment, workload
certificate: encryption, https cert, tls cert, x509, ssl cert, secure connection
account: credentials, user account, identity, member, log-in, logins, member account
access: entry, admission, entitlement, insight, authorisations, permits
password: pass phrase, login code, passwords, access code, log in code, login
alert: page, pages, beep, beeping, noise, siren, paging, monitoring, pings, notifications
cache: cached pages, cached content, stored pages, temporary files, temp files, caches
volume: disk space, capacity, room, hard drive, hard disk, storage space, disks, pool
database: tables, sql, data store, dbs, dataset, data set
backup: saved copy, saved copies, safety copy, archive, copies, back-ups, dumps, recovery point, copy of
retention: storage period, lifetime, copies
patch: fixes, security fix, security fixes, upgrade, upgrades, hotfix, bug fix, latest version, new version
software: tools, app, apps, library, module, application, utility, binary
speed: connection, internet, wifi, wi-fi, broadband, connection speed, slow
ip: lease, dhcp, static ip, fixed ip
quota: storage limit, allotment, ceiling
share: smb, nfs, shares, directory, drive
disk: ssd, hdd, platter, smart
power: power supply, mains
film: picture
series: episode, episodes, tv
photos: images, shots, snaps
songs: track, tune, tunes, music, playlist
library: shelf, books
camera: recording, footage, video
snapshot: image of, restore point, save point, checkpoint, frozen state, saved state
latency: connection, milliseconds, millisecond, ms, pings, reaction time, responsiveness, packet loss, reachability, reach, jitter
dashboard: chart, graph, overview page, grafana, charts, graphs, visualisation, visualization
wallpaper: desktop picture, desktop image, lock screen
port: socket, ports, incoming traffic, tcp, udp
vpn: remote access, vpn access, home network
playbook: script, runbook, job, routine, procedure
config: config file, preferences, parameters, parameter, conf, options, property, properties
monitoring: watching, surveillance, check, health check, uptime
log: log file, log files, log entries, events, traces, records, logging, protocol
domain: web address, address, url, hostname, host name, internet address, subdomain
dns: dns record, dns entry, name server, name entry, host record, resolve, hostname, nameserver, zone
firewall: ports, rule, rules, firewall rule, security group
release: release candidate, releases, shipment, candidate, version number, artifact, artefact
artifact: binaries, package, image
pipeline: pipelines, ci run, jobs, ci job, ci pipeline, builds, runner, stage
runner: worker, executor
branch: branches, fork, trunk, main branch
merge_request: change request, patch, pull requests, merge requests, proposal
repository: git repo, git, source, source code, code base, code, repos
test: unit test, integration tests, end to end tests, e2e tests, smoke tests, regression tests, coverage, test run
vulnerability: cves, weakness, security problem, security scan, scan, security issue, exploits, dependencies
dependency: npm packages, packages
secret: api key, key, keys, password
environment: prod, test environment, test system, live system, sandbox, preview, qa, system
feature_flag: flags, feature, experiment, feature switch
incident: crash, emergency, downtime, failure, breakdown, disturbance
ticket: tickets, bug report, support request, support case, helpdesk, help desk, complaint, jira, issues
changelog: history of changes, whats new
documentation: guide, instructions, readme
invoice: bills, invoices, billing, statement, sum owed, dues, tab, claim
customer: customers, clients, consumer, patron, user, account holder, shoppers, purchasers, people who bought
order: orders, purchase order, bestellung, basket, cart, sale, delivery
parcel: packages, shipments, deliveries, freight, cargo, post, mail
label: shipping label, postage, stamp, price tag, badge, tags, name tag
refund: reimbursements, credit note, credit, chargeback
return: sent back, goods back
employee: coworker, co-worker, team mate, teammate, hire, new hire, workers, colleagues, crew
meeting: appointments, visit, get together, catch-up, catch up, briefing, sync, standup, interview, consultation, slot, sitting
appointment: consultation, check-up, checkup, opening, booking, examination, treatment
waiting_list: waiting, standby
room: rooms, meeting room, conference room, boardroom, study, auditorium, classroom, lounge, studio, bedroom, ward
patient: patients, sick, the sick, inpatient, outpatient, client
ward: department, wards, clinic, wing, section, division
bed: beds, cot
medicine: meds, tablet, ointment, antibiotic, antibiotics, painkiller, painkillers, syrup, insulin, medications, preparation, treatment
prescription: refill, medication order, medicine
referral: refer
insurance: insured, covered, policy, health fund, health plan, health insurance, fund
lab_test: lab, laboratory, blood work, test, tests, urine test, analysis, swab, panel
lab_result: values, test results, report
vaccination: immunization, inoculation, booster
diagnosis: disease
record: chart, folder, dossier, medical record, data
supplies: stock, gloves, masks, syringes, bandages, gauze, provisions, stationery, office supplies, goods
meal: meals, dishes, snack, catering, cuisine, board, buffet, tray, something to eat, eat
sample: samples, swab, tissue, blood, urine, tube, vial
linen: towel, blankets, pillow, pillows, washing, sheet, bed linen
doctor: specialist, gp, dr, practitioner, clinician, doctors, cardiologist, neurologist, dermatologist
equipment: pump, monitor, machine, devices, gear, tools, kit, scanner, instruments, appliance, centrifuge, defibrillator, ultrasound, projector
screen: monitors, big screen, board, panel, tv, signage, sign
terminal: self-service, checkin
notice: message, text, info, information
waste: bin, bins, dustbin, scrap, garbage can, trash can, recycling, rubbish bin
interpreter: language help, translators, interpreters, sign language, language
student: students, pupils, children, kids, schoolgirl, schoolboy, apprentice, trainee, attendee, participant, participants, undergraduate
teacher: teachers, lecturers, trainer, coach, educator, professors
class: classes, courses, lessons, seminar, workshop, lecture, training, program, grade
parent: guardians, families, mothers, fathers, legal guardian, relatives, relative
exam: exams, tests, midterm, final, finals, paper, written test, assessment
absence: flu, cold, fever, sickness, illness, stays home, stay home, not come, not coming, sick leave, sick note, unwell, truancy
leave: holidays, vacations, time away, days off, leave of absence, annual leave, pto, break
excursion: tour, journey, travel, visit, school trip, day trip, camp, hike
certificate_school: confirmation of enrolment, attendance certificate, school report, record, enrolment certificate
bus: shuttles, minibus, vans, ride, transport
light: brightness, bulb, bulbs, bright, dark, darkness, lit, spot, spotlight, ceiling light, floodlight
heating: temperatures, warm, hot, cool, warmth, cold, chilly, boiler, heaters, climate, radiators, room temperature
cooling: cool, climate control, aircon, chiller, fridge, refrigeration
door: doors, gates, lock, locks, doorway, entry door, entries, access, exit
blind: jalousie, awning, roller shutter, venetian blinds, sunshade, sun, drapes
elevator: elevators, lifts, escalator
fan: aeration, airflow, fans, vent, vents, extractor, hood, fresh air, air exchange
sensor: sensors, smoke detector, thermometer, motion detector
meter: electricity meter, water meter, gas meter, usage, meters, readings
cleaning: cleaners, housekeeping, cleaning staff, cleaning service, dirt, dirty, spill, mess, cleaning team, wash
parking: car space, garage, garage space, parking place, spot, lot, parking bay, charging
visitor: visitors, guests, delegation, callers, company, guest pass, visit
badge: passes, id card, access card, card, transponder, fob, ticket
payment: payments, transfers, instalment, installment, funds, remittances, transaction, bill
bank_account: bank accounts, bank, bank details
balance: account statement, credit, remaining, amount left, funds
report: reports, figures, statistics, numbers, stats, analysis, kpi, kpis, results, breakdown, sales figures, performance
sales: income, sold, business
budget: spending, finances, cost plan, spend
expense: spending, receipts, travel costs, outlay, reimbursement, cost
tax: taxes, fiscal, sales tax, customs, tax return
salary: income, earnings, compensation, remuneration, payslip, pay slip, bonus
supplier: suppliers, vendors, manufacturer, wholesaler, distributor, producer, dealer, maker, contractor
credit: loans, mortgage, line of credit, advance
voucher: vouchers, coupons, gift certificate, discount, promotion code, rebate, discount codes, gift voucher, credit, promo, percent off
stock: stocks, inventories, stock level, units, quantities, availability, in stock, on hand, how many
product: products, merchandise, articles, wares, piece, stuff
price: prices, costs, fee, fees, tariff, charge, euros, dollars, rates
warehouse: storage, store room, storeroom, stockroom, stores, shelves, shelf, distribution center, logistics, depots
campaign: campaigns, ad, ads, advert, advertisement, advertising, mailings, marketing
review: reviews, ratings, testimonial, comment, comments, stars, opinion, opinions, complaint, criticism, evaluation
address: addresses, home address, postal address, place of residence, location, destination, delivery location, residence, contact details
email: emails, mails, e-mails, letters, inbox, correspondence, mailbox, newsletter
message: messages, info, word, announcements, notices, notification, texts, memo, post, reminder, heads up
reminder: unpaid, overdue, outstanding, dunning letter
document: documents, files, papers, records, forms, paperwork, pdf, scan, sheet, spreadsheet
contract: contracts, agreements, deals, lease, treaty, nda
car: cars, vehicles, vans, trucks, lorry, automobile, auto, fleet, taxi, bike, ride
flight: flights, planes, airplane, ticket, airline
hotel: hotels, room, rooms, accommodations, stay, lodgings, inn, hostel
printer: printers, printing, copiers, toner, plotter
phone: phones, telephones, handset, extension number, mobile phone, cell, smartphone, landline, hotline
subscription: subscriptions, memberships, abo, abonnement, newsletter
task: tasks, jobs, to-dos, chores, duties, assignment, work item, action item, todo, routine, activity
shift: shifts, duties, rosters, work schedule, working hours, on call, on-call, duty roster, schedule
deadline: deadlines, due dates, cut-off, time limit
newsletter: newsletters, mailing lists, mailshot, circular, bulletin
queue: queues, waiting lists, jobs, pending, to-do list
group: groups, teams, departments, crew, squad, division
weather: rain, temperature, sunshine, sun, snow, forecasts, climate, storm
music: songs, playlists, tunes, radio, track, album
restaurant: place to eat, eatery
reservation: seat, seats, spot
ticket_pass: seat
payment_card: mastercard, payment card
recipe: cooking
calendar: planner
directions: road, map, drive
distance: kilometres
traffic: commute
fuel: charge, tank, mileage, mpg
tire: wheels, tire pressure
luggage: carry on, carry-on
travel: voyage, travelling, traveling
health: calorie
pallet: container, load, loads
truck: van, semi
dock: loading bay, loading dock
route: path, itinerary
plant: lawn, bed, greenhouse, crop, tree
animal: cow, cattle, livestock, herd
machine_tool: production line, conveyor, belt, mill
production: assembly, output
inspection: check, survey, review
spare_part: replacement
permit: clearance, authorisation
property: building, premises, estate
tenant: occupant, lessee
repair: damage, malfunction, breakage
event: festival, function, gathering, occasion, celebration, fair
venue: stage
speaker: panelist
lawsuit: file, dispute
book: copies, edition
guest: occupant, traveller, traveler
water: plumbing, leak
fire: fire drill
security: patrol, surveillance
training: lesson, seminar, instruction
job: batch job, process
user_group: permission group
node: server, host
cluster: farm
instance: pods
poll: satisfaction, feedback form
feedback: satisfied, survey
points: miles
photo_product: product photo
category: class
currency: exchange rate
`
