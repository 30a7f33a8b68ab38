#pragma once
#include <string_view>

namespace intents::grammar_text {

inline constexpr std::string_view task_planning = R"grammar(
@ child simple
!plan my {kid_party}
!make a plan for {kid_project}
what do I need to pack for {kid_trip}?
!make a timetable for my {kid_day}
!write a list of things to do before {kid_trip}
how do I get ready for {kid_project}?
@ child moderate
!plan a {kid_party} for {six|eight|ten|five} kids with games about {kid_theme}
I have {one week|three days|two afternoons} for {kid_project}. What should I do on each day?
!make a packing list for {kid_trip} and don't forget {kid_item}
!help me plan {kid_project} with {who}, step by step
how can I plan my {kid_day} so that there is time for {kid_item_do} too?
@ child complex
!plan a {kid_party} about {kid_theme} // First the list of what we need, then who brings what, then the games in the right order, and {who} must have a job too.
I want to do {kid_project} and also go on {kid_trip} in the same week. Please make a plan for every day, leave time to {kid_item_do}, and tell me what to ask {who} to help with.
@ beginner simple
!make a to-do list for {everyday}
!plan my week around {habit_new}
!create a simple schedule for {everyday}
what are the first steps to {goal}?
!write a checklist for {everyday}
!plan a budget for {everyday}
{everyday}: where do I begin?
!split {everyday} into small steps
how do I prepare for {everyday}?
@ beginner moderate
I've never had to deal with {everyday} before. Can you give me a step-by-step plan?
!make a {four|six|eight|twelve}-week plan for me to {goal}, starting from zero
!plan a day in {city} on a small budget, with {must}
!set up a weekly routine that leaves room for {habit_new} and {habit_new}
what should I organise first for {everyday}, and what can wait?
!draw up a beginner's schedule to {goal}, {limit}
how many hours a week do I need to {goal} if I {obstacle}? Make me a plan.
!list what I need for {everyday}, in the order in which I need it
!plan my first month of {habit_new}, {limit}
I {obstacle}. How do I fit {everyday} into {a weekend|three evenings|one free day}?
@ beginner complex
I want to {goal}, but I {obstacle}. Make me a realistic plan with small weekly steps, tell me what to buy, and what to do when I miss a week.
!plan {everyday} for me from start to finish: what to do {when}, what it costs, whom to call, and a checklist I can print // I {obstacle}.
@ general simple
!{plan|organise|prepare|help me plan} {event}
!{make|draw up|work out|suggest} an itinerary for {trip}
{trip}: what's the plan?
!create a meal plan for {span}
!organise {event} for {count} {people|guests}
!prepare {event} {when}
!set up a schedule for {project}
!draft an agenda for {meeting}
!plan the steps to {goal}
what do I have to prepare for {event}?
!make a timeline for {project}
@ general moderate
!plan {event} for {count} people, {limit}
!{plan|map out|schedule|sketch} {trip} with {must} and {must}
!create a plan to {goal} {when}, although I {obstacle}
!schedule {project} so that it is finished {when}
!break {project} down into tasks for {team} and give each a deadline
we have {event} coming up {when}. {Who should do what|What comes first|How do we split the work}, with {team}?
!{draft|write|propose} an agenda for {meeting} {that leaves time for|that opens with|without} {topic}
!prepare a checklist for {event}, sorted by week
!organise {span} around {habit_new}, work and {chore}
!plan the {logistics|budget|timing} of {event}: {transport, food|tickets, chairs|helpers, sound} and {must}
I'm moving to {city}. Please {plan|schedule} the {last four weeks|weekend|final days} before the move, {limit}.
how would you {schedule|tackle|split up} {project} with {team}, {when}?
!turn "{goal}" into {six|four|ten} weekly steps, {limit}
!plan {event} and {event} {for the same day|a week apart}, {limit}
!write a shopping list and a {timetable|cooking plan|rota} for {event}, {count} people
what has to be {booked|ordered|decided} first for {trip} {with {must}|in winter|with two kids}?
!fit {habit_new} and {chore} into a week when I {obstacle}
!make a {countdown|checklist|day plan} for {project}: {team} help, {topic} is the sore point
!set priorities: {project}, {chore}, {habit_new}, and I {obstacle}
@ general complex
!plan {event} for {count} people in {city} // {Give me|I need} a timeline from {three months|six weeks|ten days} ahead, {a budget with a reserve|a list of helpers|a seating plan}, {suppliers to call|who brings what}, and a {plan B|fallback} in case {mishap}.
!make a project plan for {project}: {phases|stages}, {milestones|deadlines}, {who in {team} does what|tasks for {team}}, and {what we can drop|whom to call} if {mishap}, {limit}
we want {trip} with {count} people, {limit}. Please {work out a day-by-day route|split it into days}, {where to book ahead|what it costs}, {what to pack|who drives}, {must}, and {what to do|plan B} if {mishap}.
I {obstacle}, yet I promised {event} {when} and {project} soon after. Please {sort|merge} both into one schedule, give {team} their share, protect time for {habit_new}, and tell me what to cancel if {mishap}.
!lay out {trip} hour by hour for {count} people, {limit} // Include {must}, {must}, one lazy afternoon, and what we do if {mishap}.
!draft a plan for {goal} over {four|six|nine} months // I {obstacle} and {obstacle}. Add a test at the end of each month and something I can do when {mishap}.
{the club|our street|the council|the school} has approved {project}. Please write the plan: {team} to do it, {topic} to settle first, {event} as the deadline, and a reserve in case {mishap}.
@ intermediate simple
!build a roadmap for {work_project}
!define milestones for {work_project}
!write a RACI matrix for {work_project}
!plan the sprint on {work_topic}
!estimate the phases of {work_project}
@ intermediate moderate
!create a roadmap for {work_project} over {span_work}, with dependencies on {work_topic}
!plan the rollout of {work_project} to {count} users in three waves
!break {work_project} into epics and stories, starting with {work_topic}
!schedule {work_project} around {constraint}, and mark the critical path
!prepare a kick-off agenda for {work_project} with time for {work_topic}
which tasks of {work_project} can run in parallel if we face {constraint}? Draft the schedule.
!draw up a hiring and onboarding plan for {team} during {work_project}
!re-plan {work_project} now that we have {constraint} and {work_topic} slipped
!size {work_project}: {work_topic}, {work_topic}, {work_topic}
who owns {work_topic} in {work_project}, and by when? Propose a plan.
!schedule {work_topic} and {work_topic} within {span_work}
@ intermediate complex
!plan {work_project} over {span_work} // Include a work breakdown, owners, dependencies on {work_topic}, a risk list that covers {constraint}, and criteria for each go or no-go decision.
we have {constraint} and still need {work_project} {when}. Lay out two alternative schedules, compare their risks, and propose the checkpoints at which we decide about {work_topic}.
@ expert simple
!devise a contingency plan for {programme}
!stage-gate {programme}
!draft a governance calendar for {programme}
!sequence the workstreams of {programme}
@ expert moderate
!develop a phased programme plan for {programme}, subject to {hard_constraint}
!level the resources of {programme} across {span_work} under {hard_constraint}
!define the critical chain and buffers for {programme}
!draft a transition plan for {programme} that satisfies {hard_constraint}
!set up the benefits realisation schedule for {programme}, with leading indicators for {kpi}
!stress-test the master schedule of {programme} against {hard_constraint}
!rebaseline {programme} after {hard_constraint}, and restate {kpi}
!sequence commissioning for {programme} around {hard_constraint} and {hard_constraint}
!define gate criteria for {programme} in terms of {kpi} and {kpi}
@ expert complex
!develop an integrated master schedule for {programme} over {span_work} // Model {hard_constraint} explicitly, allocate contingency by Monte Carlo, tie each gate to {kpi}, and specify the decision rights of {who}.
!plan {programme} under {hard_constraint} and {hard_constraint}: dependency structure matrix, procurement lead times, staffing profile, a descoping ladder keyed to {kpi}, and reporting to {who}
@ vague
!plan {it|the thing|everything|my life}
!organise {it|that|this mess|next week} {for me|somehow|please}
what do I do {first|next|now|after that}?
!make a {plan|list|schedule} {for it|again|with all of it|like we said}
I need to get {things|it all|stuff} {done|sorted|in order}.
!set {it} up for {later|soon|the weekend|when we meet}
how should I {start|go about it|arrange this}?
@ short
plan? | to-do list | next steps? | schedule? | packing list | an agenda | itinerary? | milestones? | my week | checklist | timeline? | trip plan | weekly plan | who does what? | study plan | meal plan | first steps? | roadmap | deadlines? | budget plan | shopping list? | organise it | book when?

= kid_party
birthday party | sleepover | garden party | costume party | pyjama party | pirate party | picnic | treasure hunt | water day | film night | teddy bear party
= kid_theme
dinosaurs | space | mermaids | detectives | the jungle | knights | football | ghosts | cooking | robots | circus animals
= kid_project
a lemonade stand | my science fair volcano | building a den | a puppet show | our class newspaper | a flea market table | training my dog | a bug hotel | learning a magic trick | a school concert | making a kite | a talk about owls | a vegetable patch
= kid_trip
a night in a tent | the school trip to the zoo | a week at grandma's | the beach | the swimming competition | a train ride to {city} | a farm holiday | the museum | summer camp
= kid_item
my teddy | a torch | snacks | my rain jacket | the card game | a toothbrush | my inhaler | rubber boots | my swimming badge
= kid_day
Saturday | homework | week | holidays | morning before school | piano practice | birthday
= kid_item_do
play outside | feed my hamster | read a comic | practise drums | call {who} | build Lego | do nothing
= everyday
my first flat viewing | cleaning the whole flat | a job application | a birthday dinner | renewing my passport | switching banks | a vegetable garden on the balcony | my driving test | a yard sale | doing my taxes | a new puppy | a baby shower | opening an online shop | repainting the bedroom | my first camping trip | an exam in history | a visit from my in-laws | setting up a home office | learning to cook | the school enrolment | a move across town
= habit_new
yoga | learning Spanish | piano practice | jogging | reading | swimming | evening classes | meal prep | journaling | cycling to work | an hour without screens | physiotherapy | choir rehearsal | driving lessons | volunteering | studying for finals
= goal
run ten kilometres | save two thousand euros | learn the guitar | get fit | write a novel | declutter the house | pass the language exam | grow my own vegetables | quit sugar | start a podcast | learn to swim | find a new job | build a wardrobe | cook for myself | bake proper bread | sail a dinghy | speak in public | finish my thesis | get a motorbike licence | set up a food stall | knit a jumper | climb a small mountain | restore an old bicycle | read a book a week | open a café | launch a newsletter | learn sign language | repair my credit | cook for forty guests | write a will | switch to a bicycle | hold a handstand | photograph every bridge in town | visit all my cousins | keep bees | build a dry-stone wall | learn to dance the tango | pass my pilot theory | brew beer
= obstacle
work shifts | have two toddlers | get bored quickly | only have evenings | hate mornings | live in a tiny flat | have a bad knee | travel every other week | know nobody there | am short of money | share the kitchen with five people | am always late | forget things
= must
a vegetarian restaurant | something for the kids | one museum | a slot for a nap | live music | a walk by the water | the market hall | step-free access | an hour of shopping | a quiet garden | a rainy-day option | local food | a swim
= limit
on a tight budget | without a car | under three hundred euros | with only four hours a week | without any weekends | for people with little time | with a baby | in the low season | by public transport only | with a gluten-free guest | for a group that never agrees | in winter
= event
a family reunion | a street festival | my sister's hen weekend | a surprise party | a school reunion | a charity run | a garden wedding | an office move | a community clean-up | a book fair | a farewell dinner | a film night in the park | a blood drive | a chess tournament | an open day | a housewarming | a New Year's dinner | a neighbourhood barbecue | a memorial concert | a craft market | a team retreat | a hackathon | a christening | the village fair | a quiz night
= count
twelve | forty | eighty | two hundred | twenty-five | six | a hundred and fifty | thirty | sixty | nine | three hundred
= trip
five days in {city} | a cycling tour along the Danube | a weekend in {city} | a road trip through Scotland | two weeks in Peru | an interrail month | a hiking week in the Dolomites | three days in {city} and two in {city} | a sailing week in Croatia | a honeymoon in {city} | a class trip to {city} | a long layover in {city} | a winter break in Lapland
= span
the coming week | a family of five | a training month | two vegetarians | exam season | a week of night shifts | Ramadan | the first month with a baby | a camping week | ten days | a busy fortnight
= project
renovating the bathroom | a school musical | our website relaunch | planting an orchard | a community garden | the club's anniversary book | a documentary film | sorting my late father's house | a podcast series | converting a van | our stand at the fair | digitising the photo archive | a charity calendar | building a shed | a mural on the gym wall | insulating the attic | a neighbourhood library | a seed exchange
= team
three volunteers | a team of five | my two brothers and me | four students | the parents' council | six part-timers | a crew of ten | our tiny office | eight club members
= meeting
the annual meeting | a two-hour workshop | our first team meeting | the parents' evening | a client call | the tenants' meeting | a board session | a project review | the choir's committee
= topic
open questions | the budget | new members | safety | feedback | the summer closure | complaints | the election of a chair | noise | the relocation
= mishap
it rains | the venue cancels | half the guests are late | the money runs out | the caterer falls ill | trains are on strike | the permit is refused | somebody breaks a leg | the delivery is late | the power fails | the speaker drops out
= chore
the laundry | visits to my mother | the allotment | my night class | the school run | football practice | paperwork
= work_project
the CRM migration | a new intranet | the warehouse relocation | a customer portal | the ISO certification | a rebranding campaign | the payroll switch | a mobile app launch | the data centre exit | a staff training programme | the ERP upgrade | a product recall drill | an accessibility overhaul | the office consolidation | a chatbot pilot | the loyalty scheme | an e-learning platform | the fleet electrification | a help desk relaunch
= work_topic
user acceptance testing | vendor selection | data cleansing | the works council | training material | the pilot group | interface contracts | change communication | the security review | performance tests | licence negotiations | the fallback procedure | documentation
= constraint
a hiring freeze | two public holidays | a fixed launch date | one shared tester | a ten percent budget cut | summer absences | a code freeze in December | three time zones | a supplier on notice | an office closure | a part-time product owner
= span_work
two quarters | eighteen weeks | a fiscal year | six sprints | nine months | three release trains | a forty-day window
= programme
the hospital merger | a multi-site clinical trial | the grid modernisation | the decommissioning of a reactor | a core banking replacement | the satellite ground segment | a metro line extension | the national census | a vaccine fill-finish line | a port automation scheme | the submarine refit | a cross-border gas interconnector | an airport terminal transfer | a genomics biobank | a dam rehabilitation
= hard_constraint
long-lead procurement | regulatory hold points | a union agreement on shift patterns | a single crane | capped annual appropriations | outage windows of nine hours | a frozen requirements baseline | dual-site validation | environmental permits with seasonal limits | liquidated damages | scarce commissioning engineers | export licensing | an incomplete geotechnical survey
= kpi
earned value | first-pass yield | recruitment rate | schedule performance index | mean time to restore | requirements volatility | cost variance at completion | throughput | safety incidents | data completeness
)grammar";

} // namespace intents::grammar_text
