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
equipment: equipment, device, apparatus, instrument, pump, monitor
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
music: music, song, playlist
`
