#pragma once
#include <string_view>

namespace intents::grammar_text {

inline constexpr std::string_view problem_solving = R"grammar(
@ child simple
my {kid_broken}. What can I do?
how do I fix {kid_fix}?
I can't {kid_cant}. Help!
what should I do if {kid_trouble}?
!help me solve this: {kid_sum}
{kid_trouble}! How do I make it better?
@ child moderate
my {kid_broken} and {who} is busy. How can I fix it myself?
{kid_trouble} and I'm sad. What could I try first?
I tried to {kid_try}, but I still can't {kid_cant}. What else can I do?
!help me with my maths problem: {kid_sum} // I don't know how to start.
how can I fix {kid_fix} with tape, string and paper?
@ child complex
my {kid_broken} because {kid_trouble}. I already tried to {kid_try}. What do I try next, what do I need, and when should I ask {who} for help?
{kid_trouble}, and now I also can't {kid_cant}. Can you help me sort it out: what is the real problem, what can I do today, and what can {who} do?
@ beginner simple
my {gadget} {fault}. How do I fix it?
how do I get rid of {nuisance}?
what can I do about {nuisance}?
why does my {gadget} keep {faulting}?
!help me fix my {gadget}
I'm stuck: my {gadget} {fault}.
I can't {task_fail}, what's wrong?
what do I press if my {gadget} {fault}?
!stop my {gadget} from {faulting}
@ beginner moderate
my {gadget} {fault} and I have no idea about technology. What should I check first?
I tried to {tried}, but my {gadget} still {fault}. What now?
how do I remove {nuisance} without {harm}?
!help me find out why my {gadget} {fault}, one small step at a time
every time I {trigger}, my {gadget} {fault}. Is it broken for good?
I can't {task_fail}. What am I doing wrong?
my {gadget} {fault} when I want to {tried}. Which button do I press?
is it my fault that the {gadget} {fault}? I only wanted to {tried}.
!tell me in plain words how to stop my {gadget} from {faulting}
{nuisance} and I rent the flat. What am I allowed to do without {harm}?
I can't {task_fail} and my {gadget} {fault}. Are the two related?
@ beginner complex
my {gadget} {fault} since I {since_did}. I already tried to {tried}. Please tell me in simple steps how to find the cause, what tools I need, and when I should stop and call somebody.
I have {nuisance} and at the same time my {gadget} {fault}. Could the two be connected? How do I find out without {harm}, and what would a repair cost?
@ general simple
{household}, how do I fix that?
my {gadget} {fault}, {any ideas|what now|can it be saved|is that dangerous}?
!troubleshoot my {gadget}
{what is the best way to deal with|how do I cope with|what works against} {people_problem}?
how can I stop {nuisance_ing}?
!help me solve {people_problem}
I {lost_it}. What should I do?
how do I recover from {setback}?
what do I do when {mishap}?
!fix my {gadget}: it {fault}
!get rid of {nuisance}
!find the fault: {household}
!solve this for me: {people_problem}
!repair a {gadget} that {fault}
{nuisance}, what helps?
I {lost_it}, and {mishap}!
@ general moderate
{household} again! I have already tried to {tried}; what else could it be?
my {gadget} {fault} whenever I {trigger}. How can I solve this?
!find a way out: {people_problem}, and I don't want to {harm_social}
how can we reduce {waste} in {place} without {harm}?
I {lost_it} and {mishap}. What are my options?
what is a clever workaround if my {gadget} {fault} and no shop is open?
!{suggest|find|list} {three|two|some} {solutions for|ways to handle|answers to} {people_problem}
we {keep having|are stuck with|have} {people_problem} in our {group}. {How would you tackle it|Any solution|What has worked elsewhere}?
after {setback}, {how do I get back on track|what should I fix first|how do I start over} {when}?
!{diagnose|find out|work out} why {household}; it {only happens|starts|gets worse} when I {trigger}
there is {nuisance} in {place}. How do we solve it for good?
!stop {nuisance} from coming back to {place}, without {harm}
!explain why my {gadget} {fault} and how to fix it {without {harm}|today|for little money}
!help me undo this: I {lost_it}
!find out whether {household} and {nuisance} have the same cause
{mishap}, {mishap}, and my {gadget} {fault}. {What can I still do|How do I cope|What first}?
is {nuisance} in {place} a reason to {call someone|worry|move out}? What would you try first?
{people_problem} and {people_problem} in one {group}: which do we solve first, and how?
how do other {group}s get rid of {waste} when {mishap}?
I {lost_it}; so far I tried to {tried}. {What else|Did I make it worse|Is there a trick}?
@ general complex
{household}, the landlord does not answer, and {mishap}. {What do I do first|Where do I start}, what can I {fix myself|try without tools}, {how do I document the damage|who pays}, and what if {it gets worse|mould appears|the neighbours complain}?
our {group} struggles with {people_problem} and, since last month, with {waste}. Help us solve {both|this}: {find likely causes|say which to fix first}, {suggest|name} {two|cheap} solutions, and {say how we would notice that they work|who should act|what to avoid}.
I {lost_it} on the way to {city}, my {gadget} {fault}, and {mishap}. {Please help me sort this out|What do I solve first|Get me out of this}, {in order of urgency|one step at a time|and tell me what can wait}.
my {gadget} {fault}, {household}, and both begin when I {trigger}. I know how to {tried}, not much more. What is the {likeliest|cheapest|safest} explanation, how do I test it without {harm}, and whom do I call if {mishap}?
{people_problem} is ruining our {group}. Talking failed, {mishap}, and I don't want to {harm_social}. Give me {two|three} ways out, the risk of each, and the first {sentence|step} I should take {when}.
after {setback} I {lost_it}, and {mishap}. Help me think: what is the real problem, what can be repaired {when}, and what do I let go?
we want to cut {waste} in {place}. posters did not help, and we have {people_problem} on top. Find {three|four} fixes without {harm}, ranked by effort, and tell us how to measure them.
@ intermediate simple
why does {system} {sys_fault}?
!debug this: {system} {sys_faults}
how do I track down {bug}?
!resolve {bug} in {system}
what causes {bug}?
@ intermediate moderate
{system} {sys_faults} {under_load}. How would you narrow it down?
we see {bug} in {system}, but only {under_load}. What should I rule out first?
!troubleshoot {system}: it {sys_faults} since {change}
after {change}, {system} {sys_faults}. I {checked}. What is left?
!propose a fix for {bug} that does not require {costly}
how can our team cut {process_pain} without {costly}?
!do a root cause analysis: {system} {sys_faults}, and we {checked}
is {bug} a plausible reason that {system} {sys_faults} {under_load}?
!write down a plan to reproduce {bug} in {system} outside production
{process_pain} and {process_pain}: one cause or two? we {checked}.
!stabilise {system} until {change} can be undone, without {costly}
@ intermediate complex
{system} {sys_faults} {under_load}, and it began with {change}. We {checked}. Give a ranked list of causes, a test for each, and a stopgap that avoids {costly}.
we face {process_pain} and, underneath, {bug} in {system}. Separate symptom from cause, suggest a fix and a workaround, and tell me how to keep it from coming back after {change}.
@ expert simple
!isolate {hard_bug} in {infra}
what would explain {hard_bug} in {infra}?
!resolve {hard_bug} without {hard_cost}
!mitigate {hard_bug} on {infra}
@ expert moderate
{infra} exhibits {hard_bug} {hard_when}. Which hypotheses would you test first?
!devise an experiment that discriminates between {hard_bug} and {hard_bug} in {infra}
we have bisected {hard_bug} to {change_x} on {infra}. What mitigation avoids {hard_cost}?
!troubleshoot {hard_bug} {hard_when}, given that {trace} looks clean
!find the failure mechanism behind {hard_bug} in {infra}, starting from {trace}
how do we contain {hard_bug} on {infra} until {change_x} can be reverted?
could {change_x} turn {hard_bug} into {hard_bug} {hard_when}?
!rank the probes that would localise {hard_bug} in {infra}: {trace}, {trace}, or something else
is {hard_bug} {hard_when} on {infra} consistent with {trace}?
@ expert complex
{infra} exhibits {hard_bug} {hard_when} since {change_x}; {trace} looks clean. Build a fault tree, rank branches by likelihood and cost of testing, and design a mitigation that avoids {hard_cost}.
two failures coincide on {infra}: {hard_bug} {hard_when}, and {hard_bug} after {change_x}. Determine whether they share a cause, specify the instrumentation beyond {trace}, and give a rollback criterion that does not imply {hard_cost}.
@ vague
it {doesn't work|broke|stopped|does it again|fails}. {Help|Fix it|Now what|Why}?
!fix {it}
something is wrong with {it|the thing|my stuff|the settings}.
how do I make {it} {work|stop|go away|normal again}?
I have a problem {with it|here|again|and it's big}.
can you {solve|sort out|repair} {it}?
it's {stuck|broken|weird|not right} {again|somehow|since yesterday|and I don't know why}.
@ short
help! | fix it | not working | it's broken | error 404 | stuck | why broken? | no signal | won't start | any fix? | crash again | leak! | no sound | blue screen | it froze | what now? | solve this | bug? | lost my key | workaround? | won't load | jammed | no power

= kid_broken
kite ripped | toy train won't go | bike chain fell off | shoelace has a big knot | tablet is frozen | sandcastle keeps falling down | tower of blocks tips over | felt pens dried out | zip is stuck | paper plane nosedives | yo-yo string is tangled | robot lost an arm | ball is on the roof | scooter squeaks | snow globe leaks
= kid_fix
a torn page | a doll's arm | a flat football | a wobbly chair | a tangled necklace | my squeaky door | a bent Frisbee | a broken crayon | sticky keys | a puzzle with one piece gone
= kid_cant
sleep | find my shoe | open the jar | tie my laces | stop hiccups | remember the times table | whistle | get gum out of my hair | catch the hamster | swallow the pill | do a cartwheel | reach the shelf
= kid_trouble
my friend won't talk to me | I spilled juice on the carpet | someone took my seat | my sister always wins | I broke grandma's vase | I forgot my lunch | the dog ate my drawing | I'm scared of the cellar | two friends both want to sit next to me | I lost my bus card | they laughed at my hat | there is a spider in my room
= kid_try
count sheep | pull hard | say sorry | use glue | look under the bed | turn it off and on | ask nicely | wash it | draw it first | hide
= kid_sum
I have 12 sweets and three friends. | A train leaves at four and needs ninety minutes. | 5 times what makes 35? | Half of my money is two euros. | Nine birds sit in a tree and four more come. | A rope of ten metres is cut in four pieces. | Mum is three times as old as me. | Seven bags with six apples each.
= gadget
printer | washing machine | dishwasher | coffee machine | fridge | boiler | lawnmower | sewing machine | vacuum cleaner | oven | garage door | microwave | drill | tumble dryer | extractor fan | bread maker | hedge trimmer | pressure washer | treadmill | food processor | dehumidifier | record player | e-bike | stair lift | ice maker | paper shredder | hairdryer | espresso grinder | pool pump | air conditioner
= gadget.beginner
printer | laptop | phone | router | tablet | headset | screen | webcam | keyboard | mouse | smart TV | game console | speaker | smartwatch | e-reader | baby monitor | doorbell camera | camera
= fault
makes a grinding noise | won't turn on | smells burnt | stops after two minutes | shows a red light | trips the fuse | gets very hot | runs at a crawl | beeps twice and dies | forgets its settings | keeps restarting | has gone silent | only works on Sundays, it seems | clicks but does nothing | vibrates like mad | hums all night | blinks three times | starts by itself | says "error 5"
= fault.beginner
won't turn on | reacts very slowly | keeps restarting | freezes | turns itself off | disconnects all the time | stopped working overnight | does nothing when I press the button | only works now and then | blinks and goes dark | won't connect to anything | was fine yesterday and is dead today | hangs after every update | gets hot within minutes
= faulting
freezing | losing the connection | restarting | turning itself off | waking up at night | making noises | getting hot | blinking | dropping out | switching itself on | slowing down
= nuisance
mould in the bathroom | ants in the kitchen | a red wine stain | a smell in the drain | pop-up windows | limescale | moths | a scratch on the parquet | spam calls | fruit flies | candle wax on a shirt | weeds between the paving stones | a squeaky stair | slugs | a wasps' nest | static noise | damp walls | pigeons | a stuck ring
= nuisance_ing
the dog from barking at night | my glasses from fogging up | the neighbours' cat from digging up my beds | the windows from icing over | wasting food | the sink from blocking | putting things off | the kids from fighting in the car | the milk from boiling over | condensation on the walls | losing my keys | waking up at four | strangers from parking in our drive
= harm
harsh chemicals | spending much | drilling | losing my photos | hurting anybody | calling a plumber | losing the guarantee | ruining the wood | closing the shop | shouting | starting all over
= tried
switch everything off and on | clean it thoroughly | find the cause | ask the caretaker | watch a video about it | tighten all the screws | look for loose parts | call the hotline | wait for a day | borrow better tools | read the manual | find the model number
= tried.beginner
restart it | reset everything | charge it fully | watch a video about it | update it | unplug it for an hour | call the hotline | replace the cable | read the manual | plug it in elsewhere | pair it with my computer | change the settings | start over | connect it again
= trigger
close the door | use the kettle | plug in a lamp | take a shower | open the windows | start the heating | switch on the light | leave it on overnight | touch the case | press the green button | move the table | come home late | water the plants | turn on the radio
= since_did
moved it | installed the update | went on holiday | dropped it once | changed the password | spilled tea on it | cleaned it | lent it to my cousin | got a new provider | took it apart | plugged it into another socket
= task_fail
log in to my email | attach a file | connect the speaker | unsubscribe from this list | print on both sides | open the PDF | join the video call | move my photos to the computer | cancel the trial | turn off the captions | find my downloads | change the language back
= household
the toilet keeps running | a radiator stays cold | the fuse blows every evening | the kitchen tap drips | there is water under the sink | the front door sticks | the smoke alarm chirps | the lights flicker | the lock is jammed | the ceiling has a damp patch | the hot water runs out in minutes | the bath drains slowly | the extractor hood hums | a window won't close
= people_problem
a colleague who takes credit for my work | a noisy neighbour | a flatmate who never pays on time | two friends who avoid each other | a teenager who won't get up | meetings that lead nowhere | a customer who keeps changing his mind | members who never show up | a landlord who ignores letters | an uncle who starts quarrels | volunteers who burn out | a boss who texts at midnight | a rumour at work | a queue that blocks the pavement | a partner who snores | a dispute over a fence
= lost_it
locked myself out | missed my connection | deleted the wrong folder | lost my wallet | double-booked two clients | sent the mail to the wrong person | overslept the exam | left my bag on the tram | ran out of petrol | forgot the PIN | broke my glasses | washed my passport | paid the same bill twice
= setback
a failed exam | a bad review | burnout | losing my biggest client | an injury | a rejected manuscript | a broken friendship | a month without sales | a flooded cellar | a botched haircut | falling behind with the rent
= mishap
the train was cancelled | nobody has a spare key | the card is blocked | it's a public holiday | my phone is dead | the hotline hangs up | guests arrive in an hour | the shop denies it | the deadline is tonight | there's no receipt | it's freezing
= harm_social
lose a friend | move out | involve the boss | go to court | lie | pay more | make a scene | hurt her pride
= waste
food waste | empty seats | paper use | no-shows | queues at lunch | noise | lost parcels | heating costs | unpaid overtime | traffic at the gate | missed appointments
= place
a school canteen | our stairwell | a small café | the village hall | a shared garden | the waiting room | an open-plan office | our club house | a youth hostel | the cellar | a student flat
= group
book club | night shift | housing co-op | football team | parents' council | start-up | choir | allotment society | band | help desk | dance school
= system
our checkout page | the nightly backup | the CI pipeline | a Docker container | the staging server | our mail gateway | the VPN | a cron job | the mobile app | the search service | the payment callback | our Postgres replica | the barcode scanner app | an Excel macro | the booking engine | the message queue | the image upload | the login service | the render farm
= sys_fault
time out | crash on startup | return stale data | run out of memory | reject valid input | lose messages | slow down after lunch | report the wrong time zone | hang at ninety percent | fail silently
= sys_faults
times out | crashes on startup | returns stale data | runs out of memory | rejects valid input | loses messages | slows down after lunch | reports the wrong time zone | hangs at ninety percent | fails silently | duplicates records | drops the connection
= bug
a memory leak | a race condition | a deadlock | an off-by-one error | a flaky test | intermittent 502 errors | an encoding mix-up | a circular dependency | a certificate error | a null reference | a permission problem | clock skew | a retry storm | packet loss | an integer overflow | rounding differences
= under_load
under load | on Mondays | with more than fifty users | in production only | after a cold start | when two jobs overlap | on older phones | behind the proxy | with large uploads | at month end | in the German locale
= change
the last deployment | a library upgrade | the move to the new host | the firewall change | the switch to summer time | a schema migration | the new badge readers | the kernel patch | replacing the disks
= checked
checked the logs | rolled back once | restarted everything | doubled the memory | compared the configs | cleared the queue | disabled the cache | ran it on another machine | asked the vendor
= costly
downtime | a rewrite | another licence | weekend work | new hardware | breaking the API | hiring | a full re-index
= process_pain
long review times | missed handovers | scrap on the second shift | duplicate tickets | late invoices | slow releases | alert fatigue | picking errors in the warehouse | unclear ownership | rework
= infra
a geo-replicated store | our Kubernetes control plane | the RDMA fabric | a mixed-signal board | the low-latency gateway | a sharded ledger | the GPU cluster | a turbine test rig | the hypervisor fleet | a mass spectrometer line | the BGP edge | a safety PLC network | the JVM trading engine | the beamline controls | an FPGA prototype
= hard_bug
tail latency spikes | split-brain elections | silent data corruption | priority inversion | NUMA imbalance | ground bounce | a livelock | false sharing | write amplification | metastable flip-flops | TCP incast collapse | replica divergence | thermal throttling | heap fragmentation | a convoy effect | baseline drift | cache stampedes | subsynchronous resonance
= hard_when
at the 99.9th percentile | during failover | under memory pressure | near saturation | after leap second smearing | at low temperature | on one NUMA node only | during compaction | every 49 days | when clocks step backwards | under asymmetric partitions
= hard_cost
a quorum loss | an offline resharding | a respin of the board | relaxing durability | global write locks | revalidation by the regulator | halving the throughput | a fleet-wide reboot
= change_x
a microcode update | the allocator swap | the new congestion control | a firmware revision | enabling huge pages | the linker change | the impedance redesign | the move to cgroup v2 | a compaction policy
= trace
the flame graph | the packet capture | the scope trace | the perf counters | the commit log | the heap profile | the kernel ring buffer | the vibration spectrum | the eBPF histogram
)grammar";

} // namespace intents::grammar_text
