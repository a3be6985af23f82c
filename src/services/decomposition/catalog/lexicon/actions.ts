/**
 * Verbs of operations and office work, grouped by what they do. A word may be in several groups. Opposites are declared
 * at the end: a request to do the opposite of a capability is not a request for that capability.
 */
export const actionGroups = `
deploy: deploy, put on, put onto, get onto, have up, want up, like up, need up, get up, see up, be up, up on, install, roll out, launch, bring up, set up, spin up, provision, stand up, put up, instantiate, host, get running, have running, bring online, up and running, ship, fire up, run on, setup, installation, deployment, rollout
restart: restart, reboot, boot again, bounce, cycle, relaunch, recycle, kick, reload, power cycle, respawn, start again, turn off and on, switch off and on, power off and on, off and on again, give a kick, reset, restarting, start over, start afresh
start: start, launch, begin, kick off, boot, power on, turn on, switch on, activate, fire up, boot up, start up, power up, resume, wake, put on, light up
run: run, execute, play, trigger, invoke, start, kick off, launch, perform, carry out, rerun, re-run, fire, conduct, apply, do a run
retry: retry, try again, try once more, have another go, have another try, give another try, another attempt, rerun, re-run, run again, repeat
stop: stop, halt, shut down, kill, terminate, turn off, switch off, power off, shutdown, end, deactivate, power down, take down, take offline, put out, cease
pause: pause, suspend, hold, freeze, put on hold, halt, interrupt, stop
resume: resume, unpause, continue, unfreeze, reactivate, lift the hold
create: create, make, add, open, set up, new, generate, register, build, establish, produce, start, issue, put together, draw up, raise, file, log, write, draft, compose, prepare, define, introduce
add: add, include, insert, append, put in, extend, attach, put into, put on, enter, register, incorporate, take up, enrol, enroll, enter, supplement
remove: remove, take off, take out, drop, strip, detach, exclude, pull out, kick out, throw out, eliminate, get rid of, uninstall, unregister, deregister, strike, expel, withdraw
delete: delete, erase, remove, destroy, wipe, drop, discard, purge, tear down, decommission, scrap, throw away, get rid of, bin, trash, clean up, prune
purge: purge, clear, empty, flush, invalidate, wipe, clean, clean out, drop, evict, bust, clear out
clean: clean, tidy, sweep, wash, mop, scrub, disinfect, sanitise, sanitize, sterilise, sterilize, vacuum, tidy up, clean up, cleaning
renew: renew, refresh, replace, extend, reissue, rotate, new, prolong, re-issue, update, exchange, renewal, get a new, see to a new
update: update, upgrade, patch, bring up to date, modernise, modernize, bump, move to, raise to, up to date
change: change, modify, alter, edit, set, adjust, switch, amend, correct, revise, replace, update, turn into, make it, adapt, rename, swap
set: set, put, adjust, configure, change, turn, tune, make, dial, fix at, bring to
snapshot: snapshot, freeze, capture, take snapshot, save state, checkpoint
backup: back up, backup, save, archive, dump, make a copy, secure, copy, take a backup, safe copy
restore: restore, recover, bring back, retrieve, get back, roll back, revert, undelete, load back, reinstate
rollback: roll back, rollback, revert, undo, return, go back, reset, restore, downgrade, back to, turn back, put back, take back
grow: grow, extend, enlarge, expand, increase, bigger, larger, widen, raise, resize, too small, more space, more room, make bigger, make larger, boost, upsize, should have
shrink: shrink, reduce, decrease, lower, smaller, downsize, cut down, narrow, lessen, make smaller
scale: scale, resize, scale up, scale out, scale down, replicas, instances, copies
raise: raise, increase, lift, up, turn up, warmer, higher, step up, bump up, put up
lower: lower, decrease, reduce, turn down, cooler, cut, bring down, discount, drop
mute: mute, silence, quiet, quieten, quieten down, no alarms, no alerts, hush, snooze, suppress, turn off alerts, shut up, keep quiet, no notifications, stop alerting
unmute: unmute, unsilence, unsnooze, re-enable alerts
measure: measure, test, ping, gauge, time, probe, benchmark, meter, how long, how slow, how fast, how much, quantify, read, take the reading, determine, record
check: check, test, verify, inspect, examine, look at, see if, see whether, make sure, validate, confirm, control, probe, health check, audit, review, assess, screen, diagnose, monitor, look whether, find out if, find out whether, is there, are there
monitor: monitor, watch, observe, keep an eye on, track, supervise, follow
list: list, show, display, enumerate, which, what, give me a list, overview, tell me, print, see, look up, view, get
export: export, save, download, dump, output, extract, send me, get me, hand me, give me, pull, render, print out, as a file
import: import, load, upload, read in, ingest, bring in, feed, take over, pull in
report: report, summarise, summarize, summary, give an account, statement, compile, overview
investigate: investigate, research, look up, look into, find out, dig into, explore, study, overview, analyse, analyze, figure out, learn about, read up on, gather information, inquire, what do people, compare, survey, examine, find information, summarise, get to the bottom
search: search, find, look for, seek, locate, hunt, track down, where is, look up
send: send, mail, email, e-mail, forward, dispatch, post, deliver, transmit, pass on, drop a line, write to, ship, shoot, submit, message, text
notify: notify, inform, tell, alert, let know, message, announce, warn, remind, ping, page, drop a line, write to, advise, brief, text, give notice, update, broadcast, send
remind: remind, reminder, nudge, chase, follow up, jog, dun
call: call, ring, phone, telephone, page, dial, summon, fetch, get
publish: publish, bring online, put live, bring live, post, release, put online, announce, go live, make public, put out, put up
forward: forward, route, redirect, send traffic, pass through, map, let through, relay, direct
schedule: schedule, plan, arrange, set up, book, calendar, timetable, appoint, put in the calendar, have run, should happen, should run, every, regular, recurring, organise, organize, make an appointment, slot in, pencil in, programme, program
reschedule: reschedule, postpone, move, put off, shift, delay, push back, bring forward, defer, rebook, adjourn
cancel: cancel, call off, abort, revoke, withdraw, drop, annul, scrap, undo, void
book: book, reserve, block, hold, secure, get, arrange, schedule, reservation, keep free, booking
order: order, buy, purchase, procure, request, get, obtain, acquire, reorder, replenish, restock, stock up, call for, get hold of, we are out of, run out, running low
sell: sell, vend, market
lock: lock, block, suspend, disable, freeze, bar, ban, deactivate, must not be able, no longer log in, shut out, keep out, bolt, secure, lock out, lock up, close, shut, seal
unlock: unlock, unblock, unfreeze, release, let back in, reactivate, enable, re-enable, open, unseal
enable: enable, activate, turn on, switch on, allow, permit, arm, engage
disable: disable, be off, deactivate, turn off, switch off, forbid, disarm, block, suspend
open: open, open up, unlock, unseal, raise, let in
close: close, shut, lock, seal, end, finish, complete, resolve, settle, lower, wrap up, conclude
grant: grant, give, allow, permit, authorise, authorize, entitle, let in, give access, provide, award, assign, let use, should get, should be able, may use
revoke: revoke, withdraw, remove access, take away, cancel, strip, deny, pull, no longer have
assign: assign, allocate, give, hand, delegate, appoint, put on, attach, designate, take care of, make responsible, allot, put in charge, distribute
unassign: unassign, relieve, take off
transfer: transfer, move, relocate, bring, take, wheel, shift, migrate, transport, carry, convey, hand over, remit, wire, bring over, port, transferral, send over, switch over, push, get over
transport: transport, bring, wheel, carry, take, move, drive, deliver, collect, pick up, fetch, convey, escort, transfer, haul, shuttle
deliver: deliver, bring, hand over, supply, drop off, distribute, provide, serve, take, send, dispatch
collect: collect, pick up, fetch, gather, get, retrieve, bring in, pick, come for
return: return, give back, bring back, send back, hand back, take back, put back
copy: copy, duplicate, clone, replicate, mirror, sync, synchronise, synchronize
merge: merge, combine, join, unite, consolidate, fold, integrate
split: split, divide, separate, break up
pay: pay, settle, transfer, remit, disburse, wire, pay out, payment, clear, honour
refund: refund, reimburse, pay back, give the money back, money back, credit back, give back, return the money, compensate, repay
charge: charge, bill, invoice, debit, collect, levy
invoice: invoice, bill, issue, make out, raise
approve: approve, accept, authorise, authorize, sign off, release, clear, confirm, ok, okay, green light, give the go-ahead, agree, greenlight, wave through
reject: reject, decline, refuse, deny, turn down, dismiss, disapprove, knock back
enroll: enrol, enroll, register, sign up, admit, matriculate, put down for, enter, join, inscribe, add, check in, onboard
unenroll: unenroll, deregister, sign off, withdraw, disenroll, unsubscribe, sign out
admit: admit, check in, take in, register, receive, hospitalise
discharge: discharge, release, check out, send home, let go, dismiss
hire: hire, recruit, employ, take on, onboard
dismiss: fire, dismiss, lay off, let go
print: print, print out, run off, hard copy, put on paper
translate: translate, render, localise, localize, interpret
convert: convert, transform, turn into, transcode, change into, encode
compare: compare, contrast, match, diff, reconcile
reconcile: reconcile, match, balance, square, compare, tally, settle
calculate: calculate, compute, work out, total, sum, figure out, estimate, add up, tally
count: count, inventory, stocktake, tally, take stock, number
record: record, log, note, enter, register, book, write down, document, file, put down, track, mark, report, take down, minute
mark: mark, flag, label, tag, note, tick, designate, highlight
grade: grade, mark, score, evaluate, rate, assess
dim: dim, darken, lower, turn down, fade
heat: heat, warm, warm up, preheat, warmer, too cold, freezing, turn up
cool: cool, chill, cool down, cooler, too hot, too warm, air condition
ventilate: ventilate, air, air out, fresh air, blow
water: water, irrigate, sprinkle
fix: fix, repair, mend, sort out, see to, look after, service, maintain, take care of, put right, solve, resolve, patch up, maintenance
replace: replace, exchange, swap, change, substitute, renew, new
build: build, compile, make, assemble, construct, package, bundle
tag: tag, label, mark, version, name
commit: commit, check in, save
compile: compile, build, assemble
subscribe: subscribe, sign up, put on the list, add
unsubscribe: unsubscribe, take off the list, opt out, sign off, remove
apply: apply, use, put into effect, enforce, implement, activate, give
encrypt: encrypt, encipher
decrypt: decrypt, decipher
compress: compress, zip, pack, shrink
lend: lend, loan, borrow, hand out, give out, check out, lease, rent, issue, take home
ring: ring, chime, sound, toll, buzz
rename: rename, relabel, call, retitle, change the name
reset: reset, set back, restore, clear, recover, forgot, new
sign: sign, undersign, countersign
escalate: escalate, raise, hand up, push up, bump
evacuate: evacuate, clear, get everyone out
administer: administer, give, medicate, dose, inject, dispense, hand out
prescribe: prescribe, order
dispense: dispense, hand out, issue, give out, distribute
discount: discount, reduce, rebate, knock off, take off, mark down, markdown, on sale
ship: ship, send, dispatch, send out, deliver, post, mail out, forward
pack: pack, package, wrap, box
substitute: substitute, stand in, cover, replace, fill in, cover for, stand-in, take over
review: review, look over, go through, check, read through, proofread, examine, appraise
close account: close account, terminate
drain: drain, evacuate, empty, cordon, evict, vacate
tell: tell, say, joke, narrate
warn: warn, caution, alert
invite: invite, ask, bring along, call in, summon
sort: sort, order, arrange, rank
wake: wake, wake up, rouse, get up, out of sleep
limit: limit, cap, restrict, at most, no more than
free: free, free up, release, vacate, vacant
sync: sync, synchronise, synchronize, rescan, scan
register: register, sign up, enrol, enroll, put on file
track: track, trace, where is, whereabouts, follow
respond: respond, answer, reply, write back, get back to
ask: ask, inquire, enquire, request, question
survey: survey, poll, ask, questionnaire, how happy
charge_up: recharge, plug in, load
verify: verify, check, confirm, test, prove
calibrate: calibrate, adjust, tune, fine-tune, set right
train: train, teach, instruct, coach, fit
simulate: simulate, model, mock, dry run, rehearse
test: test, try, try out, run the tests, put through its paces
quarantine: quarantine, isolate, separate, seal off, contain
connect: connect, link, hook up, join, attach
disconnect: disconnect, unplug, unlink, detach, cut off
mount: mount, attach, plug in, hook up
unmount: unmount, eject, detach
pin: pin, fix, hold at, freeze at, keep at
clear: clear, empty, wipe, free, purge
archive: archive, store, put away, file, file away
migrate: migrate, move, transfer, relocate, bring over
rotate: rotate, renew, change, exchange, replace
load: load, fill, put in, upload, stack
unload: unload, empty, take out, discharge
inspect: inspect, check, examine, look at, survey
prepare: prepare, get ready, make ready, ready, set up
plan: plan, schedule, lay out, map out, organise
estimate: estimate, quote, forecast, predict, how much would
donate: donate, give, contribute
rent: rent, hire, lease, let, charter
play: play, put on, start, stream, listen, read out, call out, read aloud
show: show, display, let it say, make it say, have it say, let it read, should read, should say, people should read, put up, put on screen, put on
hide: hide, conceal, take down, unpublish, remove
turn: turn, rotate, spin, swing
adjust: adjust, correct, set, change, alter
balance: balance, even out, rebalance, distribute, spread
distribute: distribute, hand out, spread, share out, give out
extend: extend, prolong, lengthen, longer, stretch
shorten: shorten, cut short, curtail, reduce, less time
log: log, record, note, write down, enter
watch: watch, observe, monitor, look at, keep an eye on
guard: guard, protect, secure, watch over, defend
escort: escort, accompany, guide, bring, take
protect: protect, secure, guard, shield, defend
trigger: trigger, set off, kick off, start, fire
promote: promote, advance, push to, push up, bring to
freeze: freeze, lock, hold, block, no changes
unfreeze: unfreeze, thaw, unlock, lift the freeze, allow changes
demote: demote, move down, lower
bill: bill, charge, invoice, has to pay, owes
score: score, rate, grade, evaluate, rank
trim: trim, cut, clip, crop, snip, cut out, cut off, chop, shorten, cut down
render: render, export, encode, produce
transcribe: transcribe, write down, put in writing, take down, put into writing
caption: caption, subtitle, subtitles, captions
blur: blur, pixelate, obscure, anonymise, anonymize, black out, redact, make unrecognisable, mask
level: normalise, normalize, level, level out, even out, equalise, equalize
mix: mix, blend, master, remix
scan: scan, sweep, comb, comb through, go through, search
point: point, direct, resolve, lead to, aim, route, lead
fail over: fail over, failover, switch over, promote, take over
expose: expose, publish, make reachable, make accessible
`

/** Pairs of opposite action groups, by group name. */
export const oppositeActions: readonly (readonly [string, string])[] = [
  ['start', 'stop'], ['run', 'stop'], ['deploy', 'remove'], ['deploy', 'delete'], ['deploy', 'stop'], ['restart', 'stop'],
  ['create', 'delete'], ['create', 'remove'], ['add', 'remove'], ['add', 'delete'], ['grow', 'shrink'], ['raise', 'lower'], ['mute', 'unmute'],
  ['lock', 'unlock'], ['open', 'close'], ['open', 'lock'], ['unlock', 'close'], ['enable', 'disable'], ['grant', 'revoke'],
  ['assign', 'unassign'], ['import', 'export'], ['approve', 'reject'], ['enroll', 'unenroll'], ['admit', 'discharge'], ['hire', 'dismiss'],
  ['subscribe', 'unsubscribe'], ['encrypt', 'decrypt'], ['heat', 'cool'], ['pause', 'resume'], ['book', 'cancel'], ['schedule', 'cancel'],
  ['order', 'cancel'], ['merge', 'split'], ['snapshot', 'delete'], ['snapshot', 'rollback'], ['backup', 'restore'], ['backup', 'delete'],
  ['pay', 'refund'], ['charge', 'refund'], ['publish', 'delete'], ['publish', 'remove'], ['send', 'delete'], ['create', 'cancel'], ['invite', 'cancel'], ['lock', 'grant'],
  ['add', 'cancel'], ['grant', 'delete'], ['lock', 'create'], ['mute', 'enable'], ['export', 'delete'], ['order', 'sell'], ['order', 'return'],
  ['disable', 'unlock'], ['enable', 'lock'], ['discharge', 'enroll'], ['lock', 'delete'], ['renew', 'cancel'], ['renew', 'delete'], ['renew', 'revoke'], ['reset', 'delete'],
]
