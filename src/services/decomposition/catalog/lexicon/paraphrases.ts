/**
 * What people say instead of naming an action or a thing: symptoms, wishes for an outcome, and idioms. They are hints like
 * those of related-actions.ts and related-things.ts, and general: nothing in them belongs to one trade.
 */
export const actionParaphrases = `
deploy: live in, should live in, run in, running in, have running, get up and running, have a, put a, on there, set loose, put in place, make the switch to, bring on board, bring into use, take into use, put to use, get installed, on all machines, needs to be on
restart: fresh start, a fresh start, clean start, new lease of life, kick up, swift kick, needs kicking, has hung, hangs again, hanging again, is stuck, got stuck, not reacting, no reaction, does not react, not answering, does not answer, has died, is dead, died, dead, wedged, locked up, jammed, acting up, misbehaving, spinning, back on its feet, off and on, off and on again, get it going again, going again, from scratch, stops responding, no longer responds, give it a jolt, needs a nudge, turn over
start: get rolling, bring to life, should be running, let it run, get it going, set in train
stop: take off the air, put an end to, bring to a halt, bring to a stop, call a halt, call time, wind down, has to end, should end, let it rest, leave it off, should be off, should not run, must not run, no longer run, switched off, turned off, go offline, lights out
run: give a run, let it go, should be run, needs a run, put in motion
pause: take a break, on pause, for the time being, leave it for now, put a hold on, stop for now
resume: where it left off, carry on with, back to work, may continue, can continue, should continue, go ahead again
create: get a, gets a, needs a, need a, want a, would like a, should have a, has no, there is no, does not have a, doesn't have a, without a, give a, have its own, gets its own, its own, own space, bring about, make available, get together, conjure up, knock up, knock together, rustle up, come up with, work out a, start off with, fresh, brand new, brand-new, another
add: also needs, is missing, should be on, should be in, should be part of, part of, include in, gets added, one more, extra, put onto, slot in, let join, take in, goes into, goes in, go on the list, put next to
remove: must go, has to go, should go, can go, needs to go, out of the, no place in, not belong, does not belong, take it off, should not be in, should disappear, let disappear, make disappear, is no longer part, no longer part, get out of, weed out, take out, sort out
delete: must go, has to go, should go, can go, needs to go, for good, for ever, forever, make disappear, gone for good, out of the way, do away with, we no longer need, no longer use, not used any more, nobody uses, nobody needs, into the bin, off the face, free of, shot of
purge: still show, still shows, still see, still sees, still seeing, old one, old content, old pages, serves old, out of date, up to date content, start afresh
clean: stinks, smells, sticky, muddy, grubby, in a state, spick and span, needs a wipe, spotless
renew: a new one, a fresh one, will soon be invalid, no longer valid, not valid any more, not be valid, ran out, has run out, red, turns red, insecure, is over soon, ends soon, end of its life, before it ends, keep valid, stay valid, another term, stays valid, use by
update: behind, out of date, outdated, ancient, years old, too old, so old, old version, still on, is on version, on the newest, to the newest, newest version, latest version, current version, up to speed, bring up to
change: make that, turn it into, have it read, have it be, use instead, go from, should now be, now be, from now on, in future, no longer be, should be called, should say, is wrong, correct to, adapt to, put right, get it to, tick over
set: should be at, put at, put to, leave at, hold at, fixed to, no higher than, no lower than, up to, down to, is enough, would do, will do, do it with
limit: more than, not exceed, on a diet, not more than, never more than, at the most, a maximum of, hold down, keep below, stay under, stay below
backup: safe side, put away, keep safe, stash, keep somewhere safe, set aside, tuck away, in case anything happens, in case something happens, just in case, a copy, complete copy, full copy, spare copy, save away, in safety, second copy, nothing gets lost
snapshot: keep as it is, freeze frame, hold its state, current state, present state
restore: how it was, how they were, the way they were, like it was, as they were, as it stood, was before, were before, get them back, want back, need back, have back, bring them back, from the backup, out of the backup, wiped, was wiped, wiped out, messed up, overwritten, was overwritten, destroyed, corrupted, corrupt, is gone, are gone, vanished, disappeared, accidentally, went missing, missing since, turn back the clock, turn the clock back, put it back, back from
rollback: want back, need back, have back, broke, has broken, broken since, is broken since, since the update, since the release, since the rollout, since the upgrade, undo the, how it was, like it was, was before, the one before, used to be, worked before, worked fine before, back out of, not happy with the new
grow: is full, nearly out of, at its limit, hits the limit, hit the limit, no room left, no space left, no room, no space, bursting, bursts, bursting at the seams, overflowing, runs out of space, running out of room, out of room, needs room, needs space, needs more, let have, could do with more, would do, not enough, is not enough, too tight, tight, squeezed, give more
shrink: half empty, mostly empty, far too big, oversized, more than it needs, too generous
scale: on how many, many more, more of them, cope with, cope, traffic is coming, rush, expect a rush, load is, under load, too many, more power, spread over, spread across, should run with
raise: not loud enough, not bright enough, not warm enough, cannot hear, can't hear, hardly hear, barely hear, can hardly see, freezing, too quiet, too low, notch up, up a notch, more generous
lower: too loud, too strong, too much, notch down, down a notch, blinding, sweating, boiling, deafening
mute: drives us mad, driving us mad, keeps going off, keeps ringing, keeps beeping, goes off all, shut it up, leave us alone, leave us in peace, no more messages, no more pages, do not want to hear, don't want to hear
measure: how many seconds, how many milliseconds, find out how fast, how long it takes, takes how long, quick enough, fast enough, put a number on
check: is okay, okay, ok, fine, doing, how is, how are, how is it, is up, still up, still alive, alive, still there, still works, really works, works properly, works as it should, runs as it should, running properly, run properly, as it should, in good order, in good health, feeling well, holding up, fit, give a once over, once-over, once over, put to the test, see whether, find out whether, have a feeling, suspect, suspicious, trust, doubt, not sure, pass the test, give a look over, whether it holds
scan: infected, hacked, tampered, suspicious, malicious, nasty, bugs in it, look through, search through, look over, virus, malware, something fishy, fishy
list: which of, who has, who is, who are, what do, give me all, all of them, an overview, put together which, names of, tell me all, line up, what else, lay out all, i would like to know, want to know which, need to know which
export: as a spreadsheet, as excel, as a table, into excel, in excel, for the accountant, to take away, i can open, can open in, i can download, get me a file, on my desk, hand out as
report: how many, how much, how often, how well, what happened, how things went, looked at, how it went, how we did, how did it go, doing in numbers, in numbers, in figures, facts and figures, the figures, black on white, in black and white, who visited, what came in, key figures, put together what, over the past, over the last, during the last
investigate: find out more, find out whether, find out what, find out how, find out why, worth it, is it worth, makes sense, does it make sense, would make sense, what speaks for, best way, which is better, what is better, how does one, how do you, how can one, how one, what others do, experiences with, any experience, read around, read into, bone up, what is out there, what there is, check out what, want to understand, like to understand, like to know, want to know, need to know, get a picture, shed light, look at how
search: where do we have, where did, do you know where, cannot find, can't find, nowhere to be found, is somewhere, come across, turn up, any sign of, hunt down, on the hunt
send: get to, should get, wants it, shall have, should have it, have it sent, let me have, pop over, drop in the post, put in the post, over to
notify: must know, have to know, has to know, need to know, needs to hear, must hear, should be aware, be aware, ought to know, tell everyone, tell everybody, everyone should know, everybody should know, pass the word, put the word out, make it known, bring to the attention, fill in, bring up to speed, drop them a line, give word to
remind: make sure he remembers, slip his mind, slip her mind, slips my mind, still has not, still have not, has yet to, give a poke, jog the memory
publish: outside world, the whole world, out there, out in the world, in the open, for all to see, everyone can see, public can see, people can see, customers can see, let the world see, find it at, find it under, reachable under, reachable at, be reachable, can be reached, should be reachable, make it available, available at, available under, on the air, goes out, should go out, go out to the world
expose: make reachable, reachable on, reachable from, reachable under, reachable at, be reachable, from outside, from the outside
forward: land in, end up with, end up at, should end up, ends up at, go on to, goes on to, go straight to, goes to, arrive at, turn up at, pass on to, lead to, should lead to, leads to, should lead, sent on, sent on to, anyone who visits, be taken to, taken to, wind up at
point: lead to, should lead, leads to, should lead to, go to, ends at, end up at, show to, be reached under, belongs to the address
schedule: regular basis, regular intervals, at regular intervals, at fixed times, like clockwork, by itself, on its own, of its own accord, without anyone, unattended, each night, each day, each week, each month, every night, every morning, every day, every week, every month, nightly, daily, weekly, monthly, hourly, time and again, always at, from now on every, keep doing
reschedule: does not suit, doesn't suit, not suit, does not work for, doesn't work for, can not make, cannot attend, can't attend, clash, clashes, clashing, collides, too early, too late, another time, some other time, later in the week, earlier in the week, next week instead, a day later, a day earlier, an hour later, an hour earlier, half an hour later, swap days
cancel: falls through, fell through, not happening, off the table, nothing will come of, no longer happening, no longer want, changed his mind, changed her mind, changed their minds, changed our minds, will not be coming, won't be coming, does not want any more, is not coming, forget about the, back out of, count us out
book: need somewhere, somewhere to, a place to, place for, need a place, would like to come, would like to sit, put us down, hold a place, keep us a, get together on, want to meet, like to meet, have to meet, need to meet, for the whole day, all to ourselves, to ourselves
order: down to the last, last one, nearly gone, almost gone, almost out, nearly out, get us some, bring us some, we could use, could use some, could do with, have run dry, run dry, ran dry, bare, cupboard is bare, nothing left, none left, few left, only a few left, not enough left
lock: shut him out, shut her out, shut them out, keep it out, keep him out, keep them out, must not come in, should not come in, not come in, never again, no longer welcome, not welcome, not let in, do not let in, don't let in, never want to hear, had enough of, out of here, attacks, attacking, floods, flooding, bombards, bombarding, spams, harass, harassing, abuse, abusing, pester, pestering, was fired, got fired, left us, has left us, is leaving, leaves us, last day, is gone for good, lost his, lost her, was stolen, got stolen, in the wrong hands, wrong hands
unlock: shut himself out, shut herself out, stands before, cannot get into, can't get into, cannot enter, can't enter, no longer gets in, not let me in, doesn't let me in, wrong password too often, too many attempts, too many tries, typed it wrong, mistyped, is barred, is blocked, has been blocked, was blocked, let back
reset: forgotten, has forgotten, does not remember, doesn't remember, cannot remember, can't remember, no longer remember, no longer knows, does not know his, does not know her, start from zero, back to zero, factory settings, as good as new, blank, wiped clean, clean slate
enable: should be possible, make possible, must be able, should be able to, should work, be on, should be on, comes on, goes live for, let them, with immediate effect on, ask for, keep asking for, people want, customers want, we want to take, want to accept, should accept, be able to pay, want to offer, should offer
disable: should not be possible, must not work, should no longer work, no longer work, stop working, no longer accept, stop accepting, stop offering, no longer offer, leaked, has leaked, out of action, not be used, should be off, out of use, put out of action, call it in
open: accept connections, accept traffic, accept requests, listen on, be reachable on, reachable on, get through, gets through, cannot reach, can't reach, not reach, does not get through, let it through, let them through, let in, come through, comes through, should come through, get past, way through, wants in, want in, needs to reach, need to reach, has to reach, must reach, be reached from
close: done and dusted, over and done, over and done with, is settled, has been settled, has been solved, is sorted, nothing more to do, no more to do, off my list, put a lid on, wrap it up
grant: become a, becomes, should become, make a, made a, let work with, needs to work with, has to work with, need to see, needs to see, needs to read, has to see, has to read, wants to see, wants to read, should have a look, have a look at, let have a look, may have a look, get into, needs to get into, has to get into, gets the right, give the keys, keys to, be let in, look inside, work on, works with us, joins us, joins the, new on the team
revoke: no business, has no business, not see any more, not read any more, no longer works on, no longer works with, no longer part of, changed department, changed teams, changed jobs, moved to another, should not see, must not see, should not read, must not read, should not have, must not have, hands off, keep away from
assign: somebody has to, someone has to, someone should, is up to, leave it to, pass to, falls to, his job, her job, their job, is for, on his plate, on her plate, on the desk of, land on the desk, let deal with
transfer: goes to, should go to, has to go to, is going to, new home, find a new home, belongs on, should be on, should sit on, sit on, sits on, put up at, take to, off to, over to, from there to, leave for, change places, end up on, move house, new place
collect: come by for, come for, waiting to be, is waiting at, lies at, lies around, ready to go, send someone for, send somebody for, fetch away, be fetched
deliver: at the door, to the door, needs it, should have it at, have it brought, get it over to
copy: the same as, just like the, same again, twin, second one, one more of, an exact, make another, double up, keep in step, like for like
sync: not show up, does not show up, doesn't show up, not appear, does not appear, doesn't appear, not visible yet, not there yet, cannot see the new, can't see the new, in step, same everywhere, on the same page, new stuff, just added, just uploaded, has been added
merge: into one, in one, one file, one piece, one document, as one, make one, out of two, both in one, belong together, tie up, glue, glue together, stitch, stitch together, put one after the other
split: in two, into two, into pieces, into parts, one each, break down into, in halves, apart from each other
pay: due today, is due, get their money, gets his money, gets her money, waiting for his money, waiting for their money, waits for the money, see the money, money should go, square up
refund: not satisfied, never arrived, did not arrive, didn't arrive, arrived broken, came broken, money returned, pay it back, should get it back, paid twice, charged twice, overcharged, was charged too much, was too much
approve: is fine, fine by me, fine with me, fine with us, all right by me, go for it, may go ahead, can go ahead, go ahead with, nothing against, no objections, no objection, my blessing, our blessing, has my blessing, good to go
reject: not on, not with us, out of the question, no way, cannot have that, turn back, not take, do not take, never see again
hire: starts on, starts with us, starts work, starts next, begins on monday, first day, new colleague, new starter, joining us, joins us
print: on real paper, black and white copy, to pin up, to hang up, hold in my hands, in my hand
translate: into german, into french, into spanish, into polish, into italian, so that the germans, understand it in, speak only, only speaks, only speak, foreign, cannot read english
convert: make it an, make an, should be an, need it as, needs it as, want it as, as an, into the format, in the format, different format, other format, wrong format, cannot open the format, won't open, plays on, play on, to play on, readable for
trim: too long, first seconds, last seconds, first minute, last minute, leave out the, without the beginning, without the end, only from, just the part, only the part, only need the part, keep only, take off the first, take off the last, lose the first, lose the last, lop off, drop the first, drop the last, get rid of the first, get down to, from minute, from second
blur: not be recognisable, not recognisable, unrecognisable, should not be recognised, must not be recognised, cannot be seen, privacy, hide the face, hide the faces, faces should
caption: so that the deaf, deaf people, for the deaf, without sound, hard of hearing, read along, text under, words on the screen
transcribe: in writing, as text, what was said, word for word, what is said, who said what
level: too quiet in parts, loud and quiet, same loudness, same volume, equally loud, ups and downs
compress: too heavy, smaller file, fit into an email, too big for, too big to, too large to, fits in
fix: does not work, doesn't work, not working, is broken, broken, out of order, broke down, has broken down, gave up, given up, packed up, conked out, faulty, defective, leaking, leaks, drips, dripping, rattles, squeaks, creaks, flickers, flickering, crackles, smokes, jams, jammed, stuck again, bring back into order
replace: has had it, has had its day, worn out, worn, cracked, new one, a new one, another one, different one, got out, has been leaked, is known to, became known, not secret any more, no longer secret
rotate: a new one, a fresh one, another one, has been leaked, leaked, was leaked, got out, became known, fell into, no longer secret, not secret any more, on a post-it, everybody knows, everyone knows, has seen, have seen, too old, not changed since, never been changed, never changed, for years
fail over: make the primary, becomes the primary, become the primary, the new primary, should lead, take the lead, takes the lead, should be the master, new master, new leader, make the leader, is the boss, step in for, takes over from, take the place of, takes the place
drain: empty out, get everything off, get everything out, everything off, everything must go off, nothing on it, nothing should run on, nothing may run on, nothing runs on, no work on, take out of action, can be worked on, is getting new, being serviced, needs a new, needs new, hardware change, for the technician, maintenance on
hide: no customer should, nobody should see, no one should see, should not be seen, must not be seen, should not be visible, not be visible, disappear from
show: on the wall, up on, should be seen, be seen on, hang on, let everybody see, people should see, should read
ask: what do they think, ask around, what people think, hear from, hear what, would like to hear
archive: for the records, for the archive, keep for later, out of sight but, not needed daily, no longer active, store away, long term
discount: per cent off, off the price, cheaper for, less for, a little something off, special price, bargain
admit: has arrived, is here, has just come, just came, stands at the, waits at the desk, is at reception
discharge: well again, fit again, recovered, may go home, can go home, ready to go home, free to leave, on the way home
respond: have answered, answer automatically, automatic answer, automatic reply, away message, out of office, on holiday, off on holiday, am away, is away, on vacation, tell whoever writes, people who write, whoever writes
subscribe: would like to get, wants to get, want to receive, wants to receive, should receive, should get, be kept
unsubscribe: no longer want, no longer wants, does not want, doesn't want, do not want any more, stop getting, stop receiving, leave me alone
tag: put a note on, by the name, under the name, goes by
protect: nobody may, nobody can, no one may, without permission, keep from, against changes, safe from
`

export const thingParaphrases = `
certificate: padlock, not secure, insecure, warning in the browser, red lock, secure connection, encrypted
account: sign-in, customer, customer account, staff account, service account
mail: postbox, post box, mailing, letters, correspondence, writes to, write to, sent to, people write
email: postbox, post box
spam: junk, rubbish, unsolicited, advertising
virus: hacked, infected, infection, malicious, nasty, malicious code, tampered, compromised, intruder
traffic_web: visitors, hits, visits, audience, how many people, page views, clicks, looked at
website: web space, webspace, online presence, web presence, go online, homepage, web page, pages
volume: room, space, fills up, full, gigs, gigabytes, gb
quota: room, space, gigs, gigabytes, gb, allowance
node: machine, worker, box, hardware, ram
database: tables, records, data, lists, statements, sql
query: statements, statement, lookups, selects
index: lookups
performance: slow, slowly, sluggish, crawls, crawl, crawling, drags, dragging, takes ages, takes forever, snail, lame, slow as, fast, quick, speed
secret: password, login, credential
report: figures, numbers, statistics, how many, how much, overview
laptop: notebook, computer, machine, device, macbook, thinkpad
phone: mobile, handset, smartphone, iphone, android
printer: paper jam, toner, cartridge, prints, print out
wifi: wireless, wlan, wi-fi, guest network, internet, connection
meeting: get together, come together, sit down, talk, talks, discuss, gathering, catch up
room: somewhere to sit, space for, place to meet, table for, people to meet
calendar: diary, free slot, when is everybody free, free time
employee: joiner, starter, newcomer, joins us, new colleague, leaver, team member, hire
visitor: comes by, visiting, drops by, expect someone, guest
badge: chip, door card, entry card, get into the building
supplies: paper, pens, pencils, staples, toner, cartridges, coffee, envelopes, folders, notebooks
expense: receipts, what i spent, out of pocket, spent on, my own pocket, train ticket, taxi
video: clip, clips, film, footage, movie, recording, reel, shot, shots, scene, take
audio: sound, track, recording, voice, podcast, song, tune, interview, mp3, wav
image: picture, photo, photograph, shot, portrait, screenshot, jpg, png, illustration, graphic
thumbnail: preview, preview image, cover, cover picture, small picture, poster
subtitle: captions, subs, text under, read along
transcript: in writing, word for word, what was said, as text
watermark: logo, our mark, our name on it, stamp
voice: speaker, narration, voice over, voice-over, narrator, spoken
noise: hiss, hum, background noise, hissing, humming, crackle, crackling, rumble, static
resolution: hd, 4k, 1080p, 720p, sharper, pixels, format, size
episode: instalment, part, issue, show, season
license: rights, usage rights, may use, allowed to use
song: tune, track, music
archive: long term storage, vault, deep storage, records
heating: cold, chilly, warm, warmer, freezing, degrees
light: dark, bright, dim, lamps, blinding
door: get in, get into, locked, key
invoice: what we owe, what they owe, has to pay, amount due
customer: the people who, he bought, she bought, they bought, whoever bought
parcel: box, what we sent, on its way, arrive
stock: how many are left, how many left, how many do we have, left in, on the shelf
price: costs, sells at, sell at, sell for, cheaper, dearer, expensive
patient: came in with, complains of, feels, suffers
medicine: take for, swallow, painkiller
student: learns, kid, boy, girl, class
exam: tested, test paper, marks
ticket: problem, trouble, complaint, issue, bug, fault, incident
incident: outage, down, nothing works, emergency, fire
service: process, daemon, server
domain: name, web address, address, www
dns: name, resolves, lead to, points to
release: rollout, version, update, revision
branch: line of development, code line
test: whether it works, checks, try out
backup: copy, complete copy, safe copy, dump
firewall: get through, blocked, let through, from outside
`
