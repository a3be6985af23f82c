/**
 * Words and phrases that speak of an action without naming it: what is stuck may have to be restarted. They count less
 * than the words of the groups themselves, name no parameter and forbid nothing.
 */
export const relatedToActions = `
trim: shave off, shorten by
compress: condense, squash
watch: observe closely, babysit, sniff
bill: penalise
tell: explain, describe, mention
mount: reattach, hook in
drain: out of rotation, take out of rotation, out of service, take out of service, put out of service, no new jobs, cordon off, offload from, depopulate, move everything off
deploy: lacks, lacking, is missing, are missing, get onto, get something running, get live, push live, go live with, roll, rollout of, introduce, start up a new, make available, release, up here, need on, reinstall, redeploy, spawn, lay out, embed
restart: stuck, hang, hanging, frozen, froze, unresponsive, not responding, stutter, crashed, restarted, bring back to life, turn it off and on, reinitialise, reinitialize, fresh start, new start, kick it, give it a kick, give a restart, power-cycle, rebooted, hung up, needs a kick, start anew, back up again, revive, boot, booted, boot up again, come back, bring back up, get back up, up again, running again, restart from scratch, boot up anew
start: wake up, power, put into operation, set going, get going, set in motion, bring to life, get started, spin up, up and running, come on, switch back on, go on, commence, initiate, come online, put into service, bring into service, put back into service, get off the ground
wake: out of bed, come alive, asleep, sleeping, bring up, power on, turn on, switch on, boot
run: fire off, set off, start off, have run, go through, let run, put through, kick, retry, repeat, replay, iterate, recompute, relaunch
stop: go off, go dark, go down, go to sleep, power, pull the plug, bring down, put to sleep, switch, cut, kill off, not needed any more, no longer needed, knock off, quit, finish, silence, abort, can be turned off, abandon, discontinue, hibernate, extinguish, desist, knock out, nuke, yank, spin down, close down, phase out, kill it, cut short, call it a day
pause: stall, stand by, put off, pausing, on ice, keep back, hold back, wait, hold off, put on ice, put a stop to, sit on, shelve
resume: pick up again, go on, carry on, restart, take up again, continue with, unblock, let continue, back in service, back into service, return to service
create: spin up, set up a, put up, bring into being, mint, invent, found, write up, fill in, lay out, work up, draw, type up, make up, sketch, initialise, initialize, bootstrap, scaffold, furnish, originate, erect, evoke, fabricate, formulate, spawn, generate anew, of their own, of its own, of his own, of her own, of our own, of my own
add: hook up, connect, plug in, make known, introduce, tack on, throw in, top up, should also contain, should know about, also contain, belong, belongs, onboard, take into, embed, supply with, equip with
remove: take away, take down, clear, cut, scrap, wipe, pull, dump, eject, lose, rid, no longer, erase, unpublish, unlist, delist, take out of, throw off, chuck out, omit, withhold, oust, unpin, untag, strip off, deprive, yank, phase out, kick off
delete: get rid, clear out, throw out, toss, dispose of, cut, axe, remove for good, eradicate, put in the bin, demolish, terminate, abolish, discard of, expunge, weed out, obliterate, nuke, yank, phase out, sunset, has served its time, get shot of
purge: refresh, reset, wash out, drain, throw out, stale, outdated, old version, old content
clean: dirty, spill, spilled, filthy, mess, messy, stain, stained, scour, polish, rinse, hoover, wipe, wipe down, wipe clean, freshen, made clean, dust, cleanse, decontaminate, unclutter, declutter, freshen up, tidy out
renew: expire, expires, expiring, expired, run out, runs out, running out, about to lapse, lapse, lapses, lapsed, due, fresh, valid for, validity, get a fresh, another year, renewed, roll over, top up, a new one, time for a new, time for a fresh
update: catch up, latest, newest, newer version, up-to-date, fix up, refresh, move up, roll forward, bring up to, lift to, get the latest, refine, improve, reinstall, finalise, finalize, enhance
change: vary, tweak, from now on, instead, as of now, to be, should read, moved to, has moved, now lives, becomes, became, become, swap out, different, other, another, customise, customize, override, overwrite, rewrite, reshape, restructure, tailor, invert, refine, remap
set: keep at, pin, define, establish, should cost, costs, cost, from now on, should read, no more than, cap, limit, restrict, assign, program, different, customise, customize, override, specify, overwrite, parametrise
limit: maximum, constrain, throttle, bound, set a limit, clamp, ration, curb, regulate, put a ceiling on, put a cap on
snapshot: save the state, take a picture, keep the state, preserve, restore point, hold on to the state, secure, image, save point, roll point
backup: copies, keep a copy, put a copy, make a backup, safeguard, preserve, saved, duplicate, run a backup
restore: from backup, from the backup of, have it back, have them back, as it was, the way it was, get it back, bring it back, back again, put back, was deleted, got deleted, deleted by accident, lost, by mistake, by accident, undo, pull back, rescue, salvage, reload, recall, reclaim, recreate, reconstruct, rewind
rollback: previous version, earlier version, last version, older version, old version, prior version, the way it was, as it was, as before, go back to, return to, take us back, step back, back out, version before, before the update, last good, had before, what we had, version we had, rewind, regress, wind back, wind it back
grow: full, almost full, nearly full, filling up, too little, add space, add storage, bring to, beef up, more storage, additional, make it, out of space, running out of space, scale up, accelerate, amplify, double, triple, multiply, step up, strengthen, elevate, inflate, top up, refuel, fill the tank, top off
shrink: too big, too large, too much, fewer, scale down, slim down, trim, tighten, condense, halve, curb, degrade, slash, thin out, subset
scale: more instances, more replicas, fewer replicas, more copies, nodes, pods, number of instances, run with, bring to, down to, ramp up, ramp down, beef up
raise: hike, push up, dial up, crank up, go up, set higher, brighter, up by, too low, too dark, too cold, louder, elevate, double, triple, mark up, crank, up the
lower: dial down, go down, set lower, darker, down by, take down, knock off, too high, too bright, too hot, too warm, quieter, mark down, cheaper, halve, curb, slash, soften, deduct, weaken, knock down, shave
mute: no alarm, no alert, no noise, be quiet, no more alerts, stop the alarms, stop beeping, do not disturb, shush, peace and quiet, ignore alerts, dont alert, without alerts, put to rest, quieten, hold the alerts, pause alerts, beeping, maintenance mode, stifle, calm, keep quiet, keep it quiet
unmute: alerts back on, switch alerts back on
measure: how quickly, how big, how large, how hot, how cold, how warm, how well, what speed, clock, assess, find out how, take a reading, calculate, weigh, sample, how responsive, characterise
check: state of, condition, is everything, look into, look over, take a look, have a look, give a look, see how, in order, alright, all right, healthy, sound, correct, valid, working, any problems, anything wrong, what about, do we have, scan, cross-check, double check, double-check, go over, verification, inspection, ascertain, covered, in good shape, go through, identify, detect, debug, troubleshoot, peek at, qualify, interrogate, answering, responding, reachable, alive, give a once-over, vet, walk through, check up on, make certain
monitor: look after, keep track, keep tabs, on the lookout, follow up, alert when, watch over, keep watch, put under observation, oversee, moderate, tail
list: what are, which are, how many, read out, give us, name, tell me which, run through, see all, all the, let me see, i want to see, show me, spell out, what do we have, what is on, what's on, what is in, tabulate, itemise, itemize, outline, display all, reveal, mention
export: turn into, write out, to a file, out as, spreadsheet, save as, in a file, dump out, get out, put into a file, a copy of, write to disk, save to, as pdf, as csv, spool, emit
import: get in, pull, take in, bring into, transfer in, fill with, put in, enter from, pour, copy into, slurp in, absorb, paste in
report: write up, put together a report, figures, numbers, statistics, evaluate, evaluation, round up, digest, breakdown, tell, overview of, how did, how much did, tabulate, visualise, visualize, describe, outline, paint a picture
investigate: get information, information about, information on, background on, background, dossier, options, what is known, what are the, pros and cons, recommend, recommendation, evaluate, analysis, find material, do some reading, know more, know about, dig up, inform yourself, sum up, reading on, state of the art, look around, how do others, how others, identify, develop, debug, troubleshoot, trace back, interrogate, sniff, look closer at
search: is there any, available, fetch, find someone, come up with, dig out, browse, opening, openings, scout, scan, check for, look out for, query, hunt for, where can, pinpoint, position of
send: let have, should receive, receives, have sent, shall get, wants to have, put through to, share with, share, pass, relay, supply, copy to, by email, by mail, by post, by e-mail, e-mailed, fire off, issue, hand over, emit, communicate, ship off, courier, text
notify: should know, needs to know, make aware, give a heads up, heads-up, heads up, put out word, spread the word, let them know, let him know, let her know, let everyone know, let everybody know, contact, reach out, get in touch, drop a note, send word, give word, tell them, be told, should hear, put in the picture, keep posted, announcement, poke, communicate, signal, mention to, loop in, cc, give a shout, keep in the loop, shout out to
remind: prod, chase up, unpaid, overdue, outstanding, still owes, owes, owe, has not paid, have not paid, has not returned, should not forget, do not forget to, not forget, give a nudge, poke, don't let forget, follow-up, memory, prompt
call: ring up, give a call, get on the phone, give a ring, have come, send for, contact, request, ask for, bring in, ask to come, have someone come, call back, call out
publish: make visible, let everyone see, appear, should appear, go up, put on the site, put on the website, bring out, ship, roll out, share, air, display, online, go online, switch live, communicate, disclose, reveal, roll out to everybody
forward: pass, hand on, should arrive at, should reach, point, point at, point to, send through, direct to, steer, bring through, reroute, divert, expose, map to, tunnel
schedule: have happen, takes place, take place, to happen, happen every, do every, once a, each, periodically, routinely, automatically, set for, put on the calendar, fix a date, make a date, set a date, put down for, come in, comes in, come to see, see the doctor, put on the schedule, book in, set a time, line up, slot, plan in, cron, on a schedule, timer, automate, sequence, phase, squeeze in, fit in, block out, put me down for
reschedule: another day, another date, another time, different day, different time, new date, new time, later date, earlier date, instead of, rather come, cannot make it, can't make it, cannot come, other day, put back, move to, moved to, push to, push out, shove, switch to, relocate, shifted, change the date, change the time, rather than, moved, rearrange, slide
cancel: strike, cross out, delete, no longer needed, not coming, is off, take back, rescind, pull out, back out, terminate, stop, kill, axe, cancelled, cancellation, is not happening, won't happen, unbook, reverse, retract, call it off, ditch, remove, nullify, repeal, overrule, invalidate, abandon, give it back, give back, does not need any more, not going ahead, fall through
book: put down, save a spot, save a seat, spot, seat, keep, save, lock in, set aside, put aside, put by, register for, hold for, reserve for, claim, make a reservation, sit in, be free for, keep for, come in, comes in, come to see, occupy, earmark, pencil in for, squeeze in, fit in, block out, put me down for, put us down for, put down for
order: out of, low on, short of, short on, running out, run out of, ran out, empty, we have no more, all gone, no more, finished, used up, stock, bring in, get more, more of, get some, get another, need more, need some, needed, new supply, refill, top up, send for, top off, resupply, requisition, supply, are needed, is needed, lacking, we lack, demand
sell: put on sale
lock: kick out, must not get in, must not log in, no access, stop from logging in, stop from, prevent, cannot get in, seal off, close off, shut off, cut off, restrict, hacked, stolen, compromised, left the company, no longer works here, has left, lost, must not be used, may no longer, should no longer, no more access, jail, ban from, blacklist, bar from, prohibit, confine, fence off, immobilise, immobilize, disable, lock down, nobody may use, close down
unlock: can't log in, cannot log in, can't get in, cannot get in, locked out, locked, let in, give back access, may log in again, unban, open up, accessible, open for, unbar, let through, available again, whitelist, exempt
free: given away, available, give back, hand back, let go, no longer occupied, empty, clear, relinquish, unreserve, offload, unpack, unburden
enable: in force, put on, switch, flip on, flip, roll out, introduce, turn up, for everyone, unleash, launch
disable: go dark, goes dark, back from, come back from, take back from, put off, switch, flip off, flip, take offline, stop, remove, mothball, decommission, kill, hide, turn it off, out of rotation, out of service
open: let through, allow, allow through, unblock, punch, poke a hole, reachable, accessible, expose, unbolt, let pass, pop open, pop, unlatch, let me in
close: finish off, done with, put an end, call it done, tick off, no longer needed, mark as done, mark done, file away, bring to an end, solved, fixed, done, off the table, wind up, put to bed, terminate, block, finalise, finalize
grant: may see, may read, may enter, may access, should see, should be able to, needs access, need access, wants access, can see, let see, let read, let into, let look, allowed to, be allowed, permission to, confer, open up to, admit, access to, entitled, rights to, access for, gets access, look at, equip with, furnish with, exempt, entrust, let use, let have
revoke: no longer see, no longer access, no longer allowed, may no longer, should no longer, must no longer, end access, stop access, cut off, take back, remove from, shut out, lose access, loses access, off limits, without access, void, deprive, exempt from, depose
assign: belongs to, should handle, should look after, responsible for, responsible, handle, take over, takes over, takes, give to, give it to, on the case, deals with, put on it, make owner, in charge, put in, works on, allotted, ask to, duty, reassign, reallocate, commission, delegate to, nominate
unassign: free from, take off the case
transfer: to live on, live on, lives on, moves to, moved to, switch to, put over, send, change to, shift over, put on, swap to, from one to, to another, wants to live, rehome, redistribute, reassign, reallocate, haul over
transport: needs to get, picked up, brought to, be taken, be brought, lift to, ride, ride to, accompany, roll, push, move over, wheeled, run over to, tow, tow away, haul away, recover, shuttle over
deliver: take over to, hand out, carry to, bring over, have delivered, provide with, drop at, hand to, give to, send up, bring up
collect: take away, take in, bring back, get back, come and get, haul off, call for, save, pull together, gather up, put together, grab, pull, accumulate, retrieve from, haul in, seize, tow, tow away, haul away, have picked up, recover
return: bring it back, take it back, is back, came back, goes back, coming back, handed in, hand in, back from, restitute, received back, turn in, ship back, no longer need
copy: make a copy, carry over, reproduce, transfer, take over, backup, propagate, bring in line, carbon, photocopy, replay, replicate out, paste
sync: refresh, look for new, check for new, index, reindex, update, bring in line, reload, align, new ones, re-read, reread, pick up new, discover, bring up to date, get up to date, push to, push everything, update everywhere, make current, harmonise, harmonize, align with, reseed
merge: bring together, pull into, bring in, put together, integrate into, land, get into, accept, fold into, roll into, unify, join together, squash, collapse, concatenate, aggregate, accumulate, fuse
split: cut up, take apart, partition, segment, decompose, break apart
pay: owe, settle up, hand over, fund, transfer to, make a payment, cough up, money to, reward, remunerate, pay off, compensate, reimburse
refund: return money, get back, gets back, wants his money, wants her money, wants their money, give back the, send back the money, credit, put back on, chargeback, recompense, make good, rebate, get the money back, repaid
charge: write a bill, write out, make out a bill, put on the bill, ask for payment, send a bill, collect from, has to pay, should pay, must pay, cash, ask money, penalise, levy on
invoice: write a bill, write an invoice, put on the bill, send a bill, create a bill, draw up, make out a bill, charge, has to pay, should pay, gets a bill, gets an invoice, draft
approve: pass, permit, yes to, thumbs up, give the nod, nod through, give green light, rubber stamp, endorse, allow, sanction, sign, let through, validate, back, ratify, wave on, give the green light, let pass, bless
reject: say no, no to, thumbs down, turn away, send back, not accept, veto, throw out, block, rule out, bounce, disallow, rebuff
enroll: joins, wants to join, take part, takes part, participate, attend, sign in, put on the list, new face, newcomer, first time, here for the first time, new in, take up, subscribe, get into, put into, have a place, should be in, include, is new
unenroll: drops out, drop out, quits, quit, no longer attends, take off the list, take out of, withdraws, offboard, discharge from
admit: first time, new face, newcomer, new here, bring in, accept, arrives, arrival, arrived, comes in, put in
register: take up, take on, open a file, new face, newcomer, first time, make known, record, enter, set up, add, is new, take down the details, log, enlist, onboard
discharge: go home, goes home, can leave, may leave, sent home, let out, is done
hire: bring on, sign on, get on board, engage, bring on board
dismiss: sack, terminate, offboard, oust, let go of
print: on paper, put out on paper, paper copy, paper version, get printed, run off copies, hardcopy, produce, need printed, run off
translate: put into, into english, in english, convert, turn into, version in, transcribe, say in, localise into
convert: make into, to format, render, change to, save as, recode, as a, reformat
compare: check against, side by side, difference, differences, weigh, against each other, versus
reconcile: check against, bring in line, agree, tie up, cross-check, line up
calculate: add together, how much is, how much are, how much would, what is the, tot up, count up, crunch, what would, evaluate, deduct, multiply, subtract, quantify, aggregate, recompute
count: how many, count up, check the number, take inventory, do inventory, stock take, stock-take, accumulate, tally up, size up, measure up
record: put on record, keep a record, make a note, jot down, write up, minutes, was absent, is absent, is sick, is ill, has the flu, got sick, stays home, stays away, is away, is missing, note down, reading, get down, took, happened, scratched, damaged, broken, put into the system, set down, memorise, reported, came in, annotate, categorise, classify, accumulate, minute down, jot, scribble down, put in writing, put in the file, add to the file, keep a note, make a note of
mark: set as, put as, label as, treat as, count as, tick off, check off, sign as, record as, put down as, brand, assign
grade: give a mark, give a grade, got a, scored, review, appraise
dim: less light, softer, darker
heat: warmer in, cold, chilly, degrees, bring up to, make warm, cosy, cozy, heating, temperature, defrost, melt
cool: colder, cold, hot, stuffy, degrees, bring down to
ventilate: stuffy, oxygen, let air in, aeration, circulate
water: dry, thirsty, pour, moisten, hose, give water, wet
fix: broken, defective, out of order, out of service, faulty, does not work, doesn't work, not working, no longer works, leaks, leaking, leak, drips, dripping, squeaks, jammed, damaged, makes noises, won't start, broke down, broken down, gave up, has failed, failed, dead, flickers, flickering, is acting up, acting up, malfunction, malfunctioning, need a technician, technician, technicians, get working, get it working, rectify, overhaul, have fixed, cracked, worn out, worn, put in order, restore, sort, debug, troubleshoot, heal, stabilise, stabilize, reinforce, harden, improve
replace: a fresh one, put in a new, worn out, switch, trade, change over, swap out, instead of, take over from, in place of, fresh one, exchange for, overwrite, supersede, override, time for a new
build: put together, produce, run a build, make a build, generate, create, new build, build of, fabricate, craft, develop, erect
tag: mark as, give a tag, call it, put a tag, label as
subscribe: wants to get, receive, put on the mailing list, follow, opt in, sign on, join
unsubscribe: stop sending, no more mails, no longer receive, off the list, take off, remove from
apply: put on, roll out, install, bring in, take over, hand out, use on, carry out, grant
lend: take out, takes home, get on loan, wants to borrow, hand over, lending, hire out, check out to, temporary
ring: bell, ringing, signal, set off, go off
rename: new name, call it, should be called, is now called, other name, name it, different name
reset: forgotten, new password, cannot remember, lost, does not remember, set anew, can't remember, fresh, set a new, start over, back to zero, factory, wipe, set to default, defaults
sign: put signature, signature, get signed
escalate: pass up, hand over, push, higher, raise the priority, involve, bring to the attention, take it up, second level, next level, bring in, alert, expedite, prioritise, prioritize, bring to the attention of
administer: needs, apply, supply, shot
prescribe: write a prescription, put on, prescription for
dispense: hand over, provide, get from the pharmacy, dish out
discount: cheaper, percent off, reduction, special price, price cut, sale, knock down, shave off
ship: get out, on its way, leave the warehouse, send off, put in the mail, mail, hand to the courier, courier, express, have delivered, goes out, go out, out the door, fulfil, fulfill
track: which way, what way, which path, what path, how far, locate, what happened to, status of, still not arrived, has not arrived, not arrived, on its way, find out where, position of, got to, when will, has it arrived, has arrived, arrived, whereabouts of, where it is, pinpoint
pack: wrap up, box up, bundle, parcel up, put into
substitute: step in, steps in, take the class, jump in, jumps in, stands in, replacement, take over for, instead of, somebody else
review: give feedback, look through, take a look at, comment on, have a look at, feedback, opinion, vet, check over
respond: react, comment, come back to, return, say to, tell, justify, explain
ask: survey, poll, ask how, how happy, how satisfied, satisfied, want to know, opinion, find out from, query, feedback, interview
survey: how satisfied, satisfied, feedback, opinion, what they think, what he thinks, what she thinks, rate
verify: make sure, is it valid, still valid, valid, validate, authenticate, double-check, identity, covered, is good, can be read, is readable, readable, usable, attest, make certain
calibrate: recalibrate, align, gauge, inaccurate, imprecise
train: learn, retrain, drill, familiarise
test: check, trial, probe, exercise, see if, load test, tests pass, run tests, retest, put to the test
quarantine: cut off, disconnect, segregate, confine, sever, isolate from, ring-fence
connect: wire up, plug in, pair, hook, put on, integrate, tie, couple, bond, bridge, rejoin, reattach, reconnect, tie to
disconnect: hang up, unpair, log out, kick off, drop, sever, decouple, unhook
pin: lock to
clear: clean up, take everything out, vacate
archive: retire, keep, put into the archive, shelve, deep freeze, preserve, retain, mothball
migrate: port, take over, move over, live on, lives on, should live on, should run on, shift, switch, rehome, port over
rotate: cycle, swap, roll, refresh, leaked, fresh, swap out, cycle out
inspect: go over, control, audit, visit
prepare: lay out, set out, arrange, have ready
plan: organize, prepare, arrange, works every, works on, roster, put on the roster
estimate: how long would, guess, project, how much will, what will
play: listen to, hear, blast
show: should read, should say, should see, on the screen, on the display, people should read, hang up, post, bring up, view, reveal, visualise, visualize, exhibit, unhide, uncover, flash
hide: make invisible, no longer show, not show, take out, take offline, take off, pull, withdraw, offline, no longer visible, out of sight, delist, take out of, omit, shadow, mask out, withhold, obscure
adjust: tune, modify, tweak, amend
distribute: allocate, circulate, pass around
extend: renew, another week, another month, more time, keep longer, stay longer, stays longer, push out, postpone, add time, sustain, retain longer, keeps longer, prolong
log: document, put in the log, capture
escort: show around, walk
protect: keep safe, harden, shield from, insulate, immunise, safeguard, reinforce
trigger: launch
promote: lift, move up, raise, roll out to, ship to, go to production, forward to, elevate, upgrade to
freeze: stop changes, no more changes, no more deploys, halt, put on hold
`
