#pragma once
#include <string_view>

namespace intents::grammar_text {

inline constexpr std::string_view reasoning = R"grammar(
@ child simple
if {kid_rule}, what must be true?
what comes next: {sequence}?
which one does not belong: {odd}?
is it fair that {kid_fair}? Why?
which is smarter: {kid_choice}?
!think about this riddle: {kid_riddle}
can it be true that {kid_claim}?
what is the clever answer: {kid_riddle}
would it be fair if {kid_fair}?
@ child moderate
if {kid_rule} and {kid_fact}, can we be sure? Tell me why.
{who} says {kid_claim}. Is that a good reason?
{kid_riddle} How do you work it out?
which is the better idea, {kid_choice}, and what are your reasons?
if {kid_rule}, does it also work the other way round?
what comes next: {sequence}? Please say how you know.
if {kid_rule}, what would happen when {kid_fact}? How do you know?
is "{kid_claim}" a reason or just an excuse?
what doesn't fit here, {odd}, and could another one be wrong too?
why do grown-ups say {kid_claim}? Does that make sense?
@ child complex
{kid_riddle} Think it through slowly, tell me what we know for sure, what we only guess, and then the answer.
{who} says {kid_claim}, but I say that {kid_fair} is not fair. Who has the better reasons, and what could each of us answer the other?
if {kid_rule} and {kid_fact}, and somebody says "{kid_claim}", which parts fit together and which can't all be true?
@ beginner simple
is this argument valid: {syllogism}?
what follows if {premise}?
why is "{fallacy_line}" a bad argument?
which is more likely: {likely}?
what comes next in the series {sequence}, and why?
what is the logical flaw in "{fallacy_line}"?
which argument is better: {fallacy_line}, or the opposite?
should {should}?
is {decision} a reasonable idea?
@ beginner moderate
I'm new to logic. Does it follow from "{syllogism}"? Please explain why or why not.
!explain step by step why {paradox_easy} feels wrong
somebody told me "{fallacy_line}". What is wrong with that reasoning?
!{walk me through|help me weigh|talk me through} the {pros and cons|arguments for and against|good and bad sides} of {decision}
if {premise}, would it be reasonable to conclude that {conclusion}?
which is more likely, {likely}, and where does my gut go wrong?
what is the difference between a {cause|proof|reason} and a {coincidence|guess|excuse} when somebody says "{fallacy_line}"?
should {should}? I can't decide, so please give me one reason for each side.
if "{syllogism}" is right, what else must be right?
how would a {judge|scientist|detective} think about {decision}?
@ beginner complex
I have to decide about {decision}. Which {arguments|reasons} {count on each side|are strongest}, which are only {feelings|habits|fears}, and what would {change your mind|a wise friend say}?
take the argument "{syllogism}". Is it valid, is it sound, and what is the difference between those two words here?
"{fallacy_line}" and "{fallacy_line}" both sound wrong to me. Is it the same mistake? Explain the logic of each.
@ general simple
should {should}?
what are the arguments for and against {policy}?
{does it follow that|would it mean that|can we infer that} {conclusion} if {premise}?
!{weigh|list|go through|compare} the {pros and cons|arguments|risks and rewards} of {decision}
{what is wrong with|how would you answer|where is the flaw in} the claim "{fallacy_line}"?
which makes more sense: {dilemma}?
should {should}? Give me your reasons.
what would be the consequences if {premise}?
@ general moderate
should {should}? {Think it through|Take your time|Consider the counterarguments} before you answer.
many people would say no, but should {should}? What is the best reason on each side?
if {premise}, what would {follow for|change for|be the risk for} {stakeholder}, and {how sure can we be|who would object|is it reversible}?
!argue {both sides of|for and against} {policy}, then {say which case is stronger|pick a winner|name the weakest point|give your verdict}
is it consistent to support {policy} but oppose {policy}?
what assumptions are hidden in the claim "{fallacy_line}"?
{puzzle} {Work it out and show each step.|Who is telling the truth, if anyone?|What can be known for certain?|Reason it out aloud.}
!{evaluate|test|pick apart|defend} the {argument|claim|idea} that {conclusion} if {premise}
!{weigh|judge|consider} {dilemma} {from the point of view of|in the shoes of|on behalf of} {stakeholder}
suppose {premise}. Is the best prediction that {conclusion}, or is there a better one?
what evidence would convince a sceptic that {conclusion}?
{stakeholder} and {stakeholder} disagree about {policy}. Who has the better {argument|evidence|case}, and why?
what would have to be true for {policy} to {backfire|work|help the poor|pay for itself}?
if {premise}, {who gains|who loses|what breaks first}, and is that {fair|likely|avoidable}?
is "{fallacy_line}" ever a good {reason|argument}?
what is the {strongest|simplest|fairest} reply to somebody who {rejects|defends|mocks} {policy}?
which is the lesser evil: {dilemma}?
what do {policy} and {policy} have in common, {logically|morally|economically}?
they say that {conclusion}. {What would disprove it|Is that cause or coincidence|On what grounds}?
@ general complex
suppose {premise} and, a year later, it turns out that {conclusion}. Did one cause the other? List rival explanations, rank them, and say which observation would separate them.
!reason about {policy} as {stakeholder} would, then as {stakeholder} would // Find the point where they truly disagree, and judge whether it is about facts or about values.
I must choose between {dilemma}. Set out the criteria, weigh them, test how the answer changes if {premise}, and tell me where the reasoning is weakest.
{puzzle} Solve it, prove that the solution is the only one, and explain which clue was not needed.
imagine {premise}. What would {stakeholder} do first, how would {stakeholder} react, and does it {follow|make it more likely} that {conclusion}? Separate what is certain from what is guessed.
my neighbour says "{fallacy_line}". I want to {answer|convince|understand} him: restate it fairly, find the hidden premise, and say whether {policy} could be defended in a better way.
I lean towards {decision}, my partner against. List what each of us must {believe|assume|value}, test it against the case that {premise}, and {tell us what to ask next|judge whose logic is sounder}.
does {policy} lead to a world where {conclusion}? Trace the steps one by one, say which link is weakest, and what {stakeholder} would {reply|deny|concede}.
@ intermediate simple
which fallacy is committed in "{fallacy_line}"?
does "{conclusion}" follow of necessity if {premise}, or only with luck?
!steelman the case against {policy}
what is the counterfactual if {premise}?
!apply Occam's razor to the claim that {conclusion}
what is the weakest step in "{syllogism}"?
is {policy} consistent with {policy}?
!name the hidden assumption in "{fallacy_line}"
@ intermediate moderate
!reconstruct the argument "{syllogism}" in premises and conclusion, and test its validity
what would a Bayesian say about {likely}, given an even prior?
!analyse the trade-offs of {policy} for {stakeholder}, including second-order effects
if {premise}, which inference is stronger: that {conclusion}, or that {conclusion}?
is "{fallacy_line}" merely weak or outright fallacious? Justify the verdict.
{puzzle} Give the deduction, and name the rule used in each step.
!evaluate {dilemma} under uncertainty, with explicit assumptions
which hidden premise turns "{fallacy_line}" into a valid argument?
!model {decision} as an expected value, with rough probabilities
would {stakeholder} rationally support {policy} behind a veil of ignorance?
!distinguish correlation from causation in this: {conclusion}, and {premise}
@ intermediate complex
!build the strongest argument for {policy} and the strongest against it, map where each depends on an empirical premise, and decide which premise is most worth testing
assume {premise}. Derive what follows for {stakeholder}, what follows for {stakeholder}, identify conflicting incentives, and judge whether it is still plausible that {conclusion}.
{puzzle} Formalise it, solve it by elimination, and discuss what happens if one of the statements is unreliable.
@ expert simple
is {thesis} compatible with {thesis}?
!give a counterexample to {schema}
does {schema} hold in {logic}?
what is the strongest objection to {thesis}?
@ expert moderate
!assess whether {thesis} entails {thesis}, making the modal premises explicit
!prove or refute {schema} in {logic}
does the dilemma of {dilemma_x} undermine {thesis}?
!reconstruct the debate on {dilemma_x} as a decision problem and identify the dominated options
which premise would a proponent of {thesis} reject when faced with {dilemma_x}?
is {schema} dispensable once {thesis} is granted?
!construct a model of {logic} in which {schema} fails
how does {thesis} fare against {dilemma_x} if {schema} is weakened?
@ expert complex
!formalise {dilemma_x} in {logic}, show which step presupposes {schema}, and argue whether a proponent of {thesis} can consistently resist it
suppose one accepts {thesis} but rejects {schema}. Derive the consequences for {dilemma_x}, consider the most charitable rejoinder, and locate the residual inconsistency, if any.
!compare how {thesis} and its main rival handle {dilemma_x} // Distinguish epistemic from metaphysical readings, and say what would count as a non-question-begging argument.
@ vague
does {it} make sense {to you|at all|logically|like that}?
why would {anyone do that|they say so|it be so|that follow}?
is that {fair|logical|right|a good idea|a contradiction}?
what should I {choose|believe|think|conclude}?
!think {it} through
which {one|side|option} is {better|right|more sensible}?
so what follows {from it|then|now|if not}?
@ short
why not? | therefore? | is it logical? | pros and cons | prove it | so what? | what if? | fair or not? | a paradox | what follows? | this or that? | valid? | which is better? | because? | makes sense? | a dilemma | cause or effect? | your reasoning? | deduce it | a fallacy? | if so, then? | conclusion? | yes, but why?

= kid_rule
all blops are green | every cat in our street has a bell | only big kids may use the slide | it always rains when I wear sandals | everyone with a key can open the shed | red buttons never work | whoever is tallest goes first | each box holds three balls
= kid_fact
Momo is a blop | my cat has no bell | Ben used the slide | the sun is shining | I have a key | this button works | Lina went first | there are nine balls
= kid_claim
broccoli is bad because it's green | you must win because you're older | it's true because it's on TV | all dogs bite because one did | everyone does it, so it's fine | the moon follows our car, so it must like us | if I sleep with a book, I learn it | he's strong, so he's right
= kid_fair
the youngest gets the biggest piece | the loser tidies up | everyone gets the same, even if one is hungrier | girls choose first on Fridays | we all miss break because one person talked | big brothers stay up later | the finder keeps the ball
= kid_choice
saving your sweets or eating them now | walking in the rain or waiting | sharing one toy or taking turns | telling the truth or keeping a secret | a cat or a dog for a small flat | learning by heart or understanding | a raft or a bridge to cross a stream
= kid_riddle
I have three boxes and only one has a prize; two labels lie. | A frog climbs two steps and slips back one. | Tom is taller than Ana, and Ana is taller than Ivo. | There are ten birds on a wire and two fly off. | Half the socks in a drawer are blue and it is dark. | A farmer must take a fox, a hen and corn across the river. | Two fathers and two sons share three apples. | I am heavy forwards but not backwards.
= sequence
2, 4, 8, 16 | 1, 1, 2, 3, 5 | circle, square, circle | 3, 6, 9 | Z, Y, X | 1, 4, 9, 16 | Monday, Wednesday, Friday | 100, 90, 81 | O, T, T, F, F | 7, 14, 28 | A, C, F, J | 81, 27, 9
= odd
apple, banana, carrot, pear | whale, shark, dolphin | spoon, fork, plate, shoe | 2, 4, 7, 8 | Mars, moon, Venus | bat, robin, bee, cat | ice, steam, sand, water
= syllogism
all poets dream; Sam dreams; so Sam is a poet | no fish can fly; a salmon is a fish; so no salmon flies | if it rains, the street is wet; the street is wet; so it rained | some nurses smoke; all smokers cough; so some nurses cough | either he lied or she forgot; she did not forget; so he lied | if I study, I pass; I did not study; so I fail | every law has exceptions; this is a law; so it has exceptions | only members may vote; Kim voted; so Kim is a member | most birds fly; penguins are birds; so penguins probably fly
= fallacy_line
nobody has proved it wrong, so it is right | my grandfather smoked and lived to ninety | either you are with us or you hate this town | if we allow one dog, soon the park is a kennel | a famous actor uses it, so it works | it has always been done this way | you cannot criticise taxes, you once paid late | the rooster crows and then the sun rises, so he makes it rise | everyone I know voted for her, the count must be wrong | she has no children, so her view on schools is worthless | the coin came up heads five times, tails is due | natural means healthy | he cried in court, so he is innocent | more police and more crime, so police cause crime | you are a dentist, of course you say sweets are bad | it is legal, therefore it is right | nobody complained, so everyone was happy | he is poor, so he must be honest | the older remedy must be the better one | if it were dangerous, they would have told us | one bad apple, so the whole firm is rotten | I feel it, therefore it is true
= likely
winning the lottery or being hit by a meteor | a quiet librarian or a quiet farmer | two people in a class sharing a birthday or nobody sharing one | a rare disease or a false positive | a plane crash or a car crash on the way to it | six heads in a row or a mixed series | a bank teller or a feminist bank teller | a broken sensor or a broken law of nature
= premise
every citizen were paid a basic income | all exams were open book | trains were free | nobody could own land | the retirement age rose to seventy | advertising were banned | voting were compulsory | machines wrote most news | water were priced by the litre | the office closed on Fridays | people knew the day of their death | passwords disappeared | a town halved its speed limit | cash were abolished | school began at ten | memory could be erased | meat cost five times as much | everybody spoke one language | every shop closed on Sundays | lies made a sound | salaries were public | tourists paid by the hour | dogs could vote | rent were tied to income | schools gave no marks | rain fell only at night | phones were banned at work | inheritance were abolished | buses replaced all cars | judges were chosen by lot
= conclusion
people would work less | fewer accidents happen | small shops lose | trust declines | the poor gain most | grades lose their meaning | the roads get quieter | cities grow denser | honesty pays in the end | habits matter more than laws | children learn better | privacy is already gone | prices rise | the experts were wrong | tourism suffers | friendships suffer | villages revive | nobody would queue | crime merely moves elsewhere | the law is unfair | families spend more time together | wages fall | rumours spread faster | art gets duller | the majority is mistaken | honesty is rewarded | more people vote
= decision
quitting my job to study again | buying a flat instead of renting | getting a dog while working full time | moving back to my home town | lending my cousin money | taking a year off | learning to drive at fifty | switching to a four-day week | telling a friend the truth about his singing | accepting a counter-offer | going to the reunion | adopting a second cat | selling the car | leaving a group chat | inviting my ex to the wedding | keeping a broken watch | joining the choir in my worst year | putting my father in a home | reporting a neighbour | refusing a promotion | sharing a car with four families | giving up meat for a bet | marrying without a contract | leaving the church | taking back a rescue dog
= paradox_easy
the Monty Hall problem | the birthday paradox | Achilles and the tortoise | the barber who shaves everyone who doesn't shave himself | a bet with negative odds | the surprise exam | Simpson's paradox | the sentence that calls itself false
= should
a judge ever follow her conscience against the law | we trust an expert who is paid by one side | zoos exist | a friend's secret be kept when someone may be harmed | a museum return stolen art | parents read their children's messages | a losing candidate concede early | doctors tell patients everything | a city limit tourists | robots pay taxes | we judge old books by new standards | homework be abolished | one break a promise to prevent a small harm | a witness be anonymous | voters take a test | animals have legal rights
= policy
a sugar tax | a ban on private fireworks | compulsory voting | free public transport | school uniforms | a four-day week | rent control | a tax on empty flats | jury trials | lowering the voting age | mandatory organ donation | night-time curfews for cars | paying blood donors | a right to be forgotten | quotas on boards | nuclear energy | daylight saving time | a wealth tax | a congestion charge | free school meals | a ban on plastic toys | public broadcasting | tuition fees | speed cameras | elected judges | a sugar ration | open borders | a curfew for cats | mandatory first-aid courses | an age limit for politicians
= dilemma
honesty or kindness when a friend asks about her novel | safety or freedom in a small town | a certain small gain or a risky large one | saving the old theatre or building flats | loyalty to a colleague or duty to the firm | renting forever or a mortgage for thirty years | one excellent hospital or five decent ones | a cheap fix now or a dear one that lasts | hiring for talent or for character | a fast answer or a right one
= stakeholder
a shop owner | tenants | a retired couple | the city treasurer | commuters | a single parent | insurers | people without a car | future generations | the losing party | a small landlord | night workers | the police | students | farmers | lorry drivers | an orphanage | the fire brigade | bakers | a hospital in the next town | beekeepers | first-time voters | people on night trains | a museum director
= puzzle
Three suspects speak: Ana says Bo lies, Bo says Cy lies, Cy says both lie. | Five houses stand in a row and the red one is left of the green one. | A clock loses four minutes an hour and was right at noon. | Twelve coins, one of another weight, and three weighings. | Two doors, two guards, one of them lies. | Four people cross a bridge at night with one torch. | Of three switches one lights the lamp upstairs. | A king's daughters are aged so that their product is thirty-six. | Every islander either always lies or never does, and one says "we are both liars". | Seven friends sit round a table and no two cousins are neighbours. | A hundred prisoners wear black or white hats. | Someone ate the cake, and exactly one of four statements is true.
= thesis
moral realism | epistemic closure | the principle of sufficient reason | evidential decision theory | compatibilism | rule consequentialism | modal actualism | semantic externalism | mereological universalism | the knowledge argument | conciliationism about peer disagreement | constructive empiricism | the extended mind thesis | presentism | logical pluralism
= schema
the Barcan formula | conditional excluded middle | contraposition for counterfactuals | disjunctive syllogism | transitivity of better-than | the KK principle | import-export for indicatives | unrestricted comprehension | independence of irrelevant alternatives | agglomeration of belief | countable additivity
= logic
intuitionistic logic | S4 | relevance logic | the Lewis-Stalnaker semantics | a paraconsistent setting | deontic logic | three-valued Kleene logic | linear logic | second-order arithmetic
= dilemma_x
Newcomb's problem | the Sorites series | the lottery paradox | the doomsday argument | Sleeping Beauty | the repugnant conclusion | the preface paradox | the two-envelope problem | twin Earth | the toxin puzzle | Parfit's non-identity problem | the Pasadena game | Kripke's rule-following sceptic
)grammar";

} // namespace intents::grammar_text
