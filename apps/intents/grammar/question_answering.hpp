#pragma once
#include <string_view>

namespace intents::grammar_text {

inline constexpr std::string_view question_answering = R"grammar(
@ child simple
why do {habit}?
what do {animal} eat?
how big is {big}?
where does {stuff} come from?
who made the first {invention}?
are {animal} {smart|fast|dangerous|noisy|shy}?
what is {easy_topic}?
how long do {animal} live?
@ child moderate
why do {habit} when others don't?
how do people know how {big_q}?
what would happen if {what_if}?
my book says that {habit}. is that true, and why?
what is bigger, {big} or {big}?
how do they make {stuff} in a factory?
!tell me three fun facts about {animal}
!explain why {habit} in easy words
@ child complex
I learned that {habit} and that {habit}. is it for the same reason or for two different ones?
how do they make {stuff}, who thought of it first, and could I make some at home?
if {what_if}, what would change for {animal} and what would change for us?
why do {habit}, how long have they done it, and do they teach their babies?
@ beginner simple
what is {concept}?
what does the word "{word}" mean?
is it true that {myth}?
what is the difference between {pair}?
what does a {job} do all day?
who was {person}?
what's the meaning of "{word}"?
how does {device} work?
@ beginner moderate
I keep hearing about {concept}. what is it and why does it matter?
how does {device} work, in plain words?
what is the difference between {pair}, and which one is more common?
my {brother|friend|dentist|coach|hairdresser} says that {myth}. is there anything to it?
I'm new to this: what do people mean by "{word}"?
!explain {concept} to somebody who never studied it
where do I even start if I want to know what {concept} is?
is {device} the same thing everywhere, or does it differ between countries?
could somebody explain {concept} with an example from {a kitchen|football|daily life|a supermarket|school}?
when people in the news {mention|argue about|warn of} {concept}, what do they really mean?
who came up with {concept}, and when?
is "{word}" the same as "{word}", or is there a difference?
@ beginner complex
I just read about {concept} and got lost. what is it, where does one meet it in daily life, and is it related to {concept}?
what is the difference between {pair}, why do people mix them up, and does it matter in practice?
how does {device} work, what usually breaks first, and how would I notice as a beginner?
some say that {myth}, others laugh about it. what is known, and how was it found out?
@ general simple
what is the capital of {country}?
which {language is|languages are|money is|religion is} most common in {country}?
how {big|old|cold|expensive|safe} is {city}?
when did {event} happen?
who wrote {work}?
how far is it from {city} to {city}?
what does "{word}" mean?
what's the definition of {word}?
{word} definition
what does it mean when {someone|a text|a critic} says "{word}"?
how many people live in {city}?
which river flows through {city}?
!tell me a fact about {trivia}
what is {country} famous for?
is {food} good for you?
!give me a surprising piece of trivia about {trivia}
!explain why {habit}
where was {person} born?
do you know any interesting facts about {trivia}?
@ general moderate
what caused {event}, and who was involved?
why is {country} so well known for its {fame}?
how did people {old_skill} before electricity?
what is the best time of year to see {sight} in {country}?
is it safe to eat {food} after {expiry}?
who was {person}, and what are they remembered for?
how is {food} traditionally made in {country}?
what {happened|changed|was built|was life like} in {city} around {decade}?
why do {habit}?
!tell me something {little known|surprising|strange|useful} about {trivia}
!explain what caused {event} and what came of it
how much {resource} does an average household use in {month}?
is there a scientific reason why {feel}?
what is the purpose of {purpose}?
when did people {first start|stop|learn} to {old_skill}, and {where|why|who taught them}?
how {healthy|expensive|common|old} is {food} compared with {food}?
is there any truth in the saying that {myth}?
what {became of|was special about|do historians say about} {person} after {event}?
which {animal|plant|invention|book} from {country} is known {worldwide|everywhere|abroad}?
why did {work} cause such a {stir|scandal|debate} when it {came out|was first printed}?
how do you pronounce "{word}", and where does the word come from?
how {long|well} does {food} keep {in the fridge|in a cool cellar|once it's open}?
@ general complex
what led to {event}, how did ordinary people live through it, and what is still visible today?
why does {food} taste different in {country}, does the water matter, and has anybody tested it?
who was {person}, what did {critics|friends|rivals} hold against them, and which of those claims are documented?
people say that {feel} because of {blame}. is there evidence, what else could explain it, and where was it studied?
how did travellers get from {city} to {city} around {decade}, how long did it take and what did it cost?
what should everybody know about {trivia}, which of the popular stories are wrong, and what should I read first?
{who was {person}|what was {event}}, why do {school books|films|guides} get it wrong, and where can I see {traces|documents|portraits} of that time in {city}?
if {what_if}, would we notice at once, which {animals|machines|industries} would suffer first, and has anyone calculated it?
how did people in {country} {old_skill} around {decade}, what tools have survived, and does anyone still do it that way?
is {food} really better than {food}, what do {doctors|cooks|farmers} say, and does the answer depend on {age|the season|how it's cooked}?
@ intermediate simple
how does {mechanism} work?
what limits {mechanism}?
why is {fact}?
what is {term} used for?
what's the definition of {term}?
what are the main causes of {trouble}?
@ intermediate moderate
how does {mechanism} differ from {mechanism}?
why is {fact}, although one would expect the opposite?
under which conditions does {term} stop being useful?
what role does {term} play in preventing {trouble}?
how do {job}s in practice deal with {trouble}?
which countries have managed to reduce {trouble}, and by what means?
what are common misunderstandings about {term}?
!explain how {mechanism} works without skipping the physics
how has {term} changed since {decade}?
which is worse for a city, {trouble} or {trouble}, and how is it measured?
what happens to {mechanism} when {it gets very cold|demand doubles|one part fails|it is run at half load}?
@ intermediate complex
how does {mechanism} work, what is its efficiency in practice, and where does the rest of the energy go?
why is {fact}, who worked it out first, and what follows from it in practice?
what are the main causes of {trouble}, which of them can a town council influence, and what did that cost elsewhere?
I understand {term} roughly. what is the precise definition, which assumptions hide in it, and when do they fail?
@ expert simple
what is the present consensus on {frontier}?
which experiment settled {frontier}?
how is {measure} defined formally?
what bounds are known for {measure}?
@ expert moderate
which mechanisms have been proposed for {frontier}, and which one has the best empirical support?
how sensitive is {measure} to {bias}?
what evidence would falsify the standard account of {frontier}?
to what extent does {bias} compromise published estimates of {measure}?
which open problems remain around {frontier}?
is there a closed form for {measure} under {assumption}?
who first linked {frontier} with {bias}, and was the result replicated?
what is the {sharpest|best published|tightest} confidence interval on {measure} given {bias}?
@ expert complex
regarding {frontier}: which hypotheses survive the last decade of data, how robust are they to {bias}, and what would a decisive experiment measure?
how is {measure} estimated under {assumption}, what is the asymptotic variance, and which corrections for {bias} are considered adequate?
what are the competing formal accounts of {frontier}, where do their predictions diverge, and has anyone reported {measure} for the disputed cases?
@ vague
what is that {thing|stuff|place|animal} {called|again|people talk about}?
how does {it} work {exactly|again|in general|though}?
why is {it} like that?
{who|when|where} was {it} again?
do you know the answer to {it}?
what does {it} mean {here|really|anyway|for us}?
is {it} true?
tell me about {it}.
what's up with {it}?
@ short
why? | how come? | who? | when was that? | what year? | define it | meaning? | is it true? | how far? | what for? | since when? | how many? | where exactly? | how old? | capital? | which one? | how tall? | what's that? | says who? | whose idea? | how much? | true or false? | origin? | how deep?

= habit
cats purr | bees dance | flamingos stand on one leg | owls stay awake at night | dogs chase their tails | whales sing | geese fly in a V | bears sleep all winter | fireflies glow | parrots copy words | snakes shed their skin | zebras have stripes | frogs croak after rain | spiders walk on walls | moles live underground | camels store fat in a hump | crickets chirp in summer | salmon swim up rivers | rabbits thump their feet | cows chew so long | goats climb trees | penguins huddle together | squirrels bury nuts | bats hang upside down | chameleons change colour | ants walk in lines | elephants flap their ears | wolves howl | ducks stay dry in water | kangaroos keep babies in a pouch | hens sit on eggs | jellyfish sting | hedgehogs roll into a ball
= animal
penguins | sloths | giant squids | hamsters | red pandas | sea turtles | octopuses | hedgehogs | polar bears | ladybirds | crocodiles | hummingbirds | moles | otters | woodpeckers | snails | koalas | anteaters | ostriches | starfish | meerkats | swans | beavers | stick insects | guinea pigs | lynxes | puffins | tadpoles | donkeys | manta rays
= big
the moon | a blue whale | a jumbo jet | the Sahara | Mount Everest | a T. rex | the tallest tree | the Pacific Ocean | a cruise ship | the Eiffel Tower | Jupiter | a giraffe | a volcano | the biggest snowflake | a fire engine
= big_q
old the Earth is | deep the sea goes | far away the stars are | hot the sun is | fast sound travels | heavy an elephant is | loud thunder gets | old a tree is | long a dinosaur was
= stuff
chocolate | honey | rubber | glass | paper | salt | chewing gum | wool | soap | toothpaste | ice cream | rainwater | popcorn | cheese | sugar | cotton | glue | cinnamon | plastic | silk | tea | maple syrup
= invention
bicycle | kite | pizza | telephone | zip | football | umbrella | robot | lollipop | train | skateboard | alarm clock | light bulb | crossword | teddy bear
= easy_topic
a rainbow | a black hole | an earthquake | a shadow | the wind | a fossil | an echo | fog | gravity | a comet | lightning | a desert | the North Pole | a volcano | a magnet | static electricity | an island | a germ
= what_if
the moon disappeared | nobody ever slept | it never rained | all the bees went away | ice did not float | the Earth stopped turning | everybody could fly | the sea had no salt | plants could walk | there were no numbers | the sun took a day off
= concept
inflation | compound interest | photosynthesis | the cloud | an algorithm | a mortgage | the immune system | plate tectonics | cryptocurrency | cholesterol | machine learning | a constitution | an ecosystem | DNA | the greenhouse effect | a budget deficit | natural selection | a vaccine | a satellite | a dialect | blood pressure | open source software | a food chain | an index fund | a patent | gluten | a search engine | a carbon footprint | probability | Bluetooth | a black hole | the stock market | an allergy | metabolism | a parliament
= word
serendipity | ubiquitous | pragmatic | arbitrary | candid | ephemeral | frugal | gregarious | hubris | idiosyncrasy | jargon | kinetic | lucid | meticulous | nostalgia | oblivious | paradox | quaint | resilient | skeptical | tangible | unanimous | volatile | wary | zeal | ambiguous | brevity | concise | deductible | empathy | facade | heirloom | inertia | leverage | mundane | nuance | ominous | petty | reluctant | stoic | tedious | viable | wistful | entropy | amnesty | collateral | dormant | exempt | futile
= myth
goldfish forget everything in seconds | we use a tenth of our brains | lightning never strikes twice | sugar makes children wild | cracking knuckles ruins the joints | bulls hate red | carrots sharpen your eyes | one human year is seven dog years | you catch a cold from wet hair | bats are blind | hair grows back thicker after shaving | coffee stunts your growth | reading in dim light harms the eyes | microwaves destroy all vitamins | toilets drain the other way down south | chewing gum stays in you for years | the Great Wall is visible from space | birds abandon chicks you touched | fish feel no pain | honey never spoils
= pair
weather and climate | a virus and a bacterium | mass and weight | a debit card and a credit card | butter and margarine | a crocodile and an alligator | baking soda and baking powder | a comet and an asteroid | equality and equity | jam and marmalade | a turtle and a tortoise | the mean and the median | a solicitor and a barrister | memory and storage | a hurricane and a typhoon | gross and net pay | fog and mist | a hare and a rabbit | a sea and an ocean | England and Great Britain | empathy and sympathy | an alloy and a mixture | a fruit and a vegetable | renting and leasing
= person
Ada Lovelace | Ibn Battuta | Rosalind Franklin | Simón Bolívar | Hypatia | Frida Kahlo | Alan Turing | Wangari Maathai | Nikola Tesla | Mary Anning | Zheng He | Emmy Noether | Katherine Johnson | Leonhard Euler | Florence Nightingale | Srinivasa Ramanujan | Lise Meitner | Mansa Musa | Sappho | Gerardus Mercator | Harriet Tubman | Johannes Gutenberg | Maria Sibylla Merian | Rabindranath Tagore
= device
a microwave oven | a fridge | a touchscreen | a smoke alarm | a heat pump | noise cancelling | a zip fastener | a bicycle gear | a thermostat | a flash drive | a barcode | a pressure cooker | a parking sensor | a solar panel | a hearing aid | a sewing machine | a water softener | a fuse | a quartz watch | an induction hob | a parachute | a piano | a card reader | a lock on a canal
= country
Mongolia | Bolivia | Slovenia | Ghana | Vietnam | Iceland | Uruguay | Georgia | Nepal | Tunisia | Canada | Estonia | Madagascar | Portugal | Laos | Jamaica | Finland | Kenya | Chile | Bhutan | Hungary | New Zealand | Ecuador | Cambodia | Ireland | Rwanda | Peru | Belgium | Oman | Sri Lanka
= event
the fall of the Berlin Wall | the Great Fire of London | the French Revolution | the moon landing | the eruption of Krakatoa | the Irish potato famine | the tulip mania | the Wall Street crash | the Cuban missile crisis | the Peasants' Revolt | the Bronze Age collapse | the Suez crisis | the partition of India | the Chernobyl accident | the Boston Tea Party | the South Sea bubble | the dancing plague of Strasbourg | the Velvet Revolution | the Black Death | the Carrington solar storm
= work
Don Quixote | Middlemarch | The Odyssey | One Hundred Years of Solitude | Things Fall Apart | Frankenstein | The Tale of Genji | Brave New World | War and Peace | The Master and Margarita | Gulliver's Travels | Pride and Prejudice | The Little Prince | Dracula | The Trial
= trivia
black holes | sea otters | the Eiffel Tower | cinnamon | bicycles | Antarctica | tea | the alphabet | volcanoes | chess | penguins | coffee | ancient Rome | pencils | honeybees | jazz | the Olympic Games | left-handed people | bananas | octopuses | elevators | saffron | the human nose | lighthouses | dinosaurs | playing cards | glass | Venus | camels | typewriters | mushrooms | opera | Saturn | umbrellas | hiccups | dreams | hot-air balloons
= food
rye bread | liver | kimchi | goat's cheese | seaweed | lentil soup | sourdough | oyster sauce | rice | blue cheese | tofu | cassava | smoked fish | yoghurt | okra | chestnut flour | buckwheat | mango | olive oil | dark chocolate | herring | raw honey | plantain
= fame
cuisine | cycling culture | watchmaking | folk music | football | coffee | carpets | hot springs | cinema | orchids | dinosaur fossils | tea houses | carnival | rail network | ceramics
= old_skill
keep food cold | send news over long distances | tell the time at night | light a theatre | print newspapers | iron their shirts | cross a desert | forecast storms | dye wool | heal a broken leg | wash linen | preserve fruit | measure fields | find their way at sea
= sight
the northern lights | cherry blossom | whales | autumn colours | migrating cranes | wild orchids | a meteor shower | flamingos | the lavender fields | the salmon run
= expiry
the date on the packet | three days in the fridge | it has been frozen twice | the can was dented | a warm night on the counter | a power cut
= decade
1890 | 1920 | the Middle Ages | 1848 | the 1960s | 1700 | the Bronze Age | 1666 | the 1930s | 1815
= resource
water | electricity | gas | cooking oil | paper | heating oil | bread
= month
January | a dry summer | a leap year | December | one week | August
= feel
time seems to speed up with age | yawning is catching | we get goosebumps from music | spicy food makes us sweat | onions make us cry | old songs bring back memories | people sleep badly in new places | we like the smell of rain | hiccups start for no reason | a watched kettle feels slow
= blame
the full moon | low air pressure | our genes | too much salt | screens | the time of year | old habits | electric light | hormones | pollen | a lack of sleep
= purpose
eyebrows | the appendix | daylight saving time | a royal family | life | a patent office | wisdom teeth | the second chamber of parliament | fingerprints | the penny | small talk | a leap second | hedgerows | dreaming
= mechanism
a lithium-ion battery | a jet engine | the electoral college | a fibre-optic cable | an MRI scanner | regenerative braking | quantitative easing | a suspension bridge | GPS positioning | the carbon market | a water tower | desalination | a transformer station | error correction on a CD | a nuclear reactor | mRNA vaccination | a turbocharger | adaptive cruise control | reverse osmosis | a hydraulic press | bond pricing | a catalytic converter | speech recognition | plankton carbon uptake
= fact
the sky on Mars red by day | sea level uneven across the globe | wind power priced by the hour | glass transparent to visible light | hot water sometimes quicker to freeze | rent control disputed among economists | the periodic table shaped the way it is | tin whiskering a danger to satellites | leap years skipped every century | hydrogen hard to store | housing supply slow to react to prices | bronze stronger than copper
= term
price elasticity | herd immunity | the Gini coefficient | albedo | technical debt | a control group | load balancing | purchasing power parity | base rate neglect | thermal mass | marginal tax rate | a standard deviation | genetic drift | due diligence | a hash function | bioavailability | the bullwhip effect | a null hypothesis | signal-to-noise ratio | opportunity cost | caching | eutrophication
= trouble
soil erosion | antibiotic resistance | traffic congestion | grade inflation | coral bleaching | long hospital queues | algal blooms | urban heat islands | staff turnover | light pollution | groundwater depletion | food waste | youth unemployment | bridge corrosion | voter apathy | drug shortages | supply chain delays
= frontier
the Hubble tension | protein misfolding in prion disease | high-temperature superconductivity | the origin of eukaryotes | dark matter substructure | grokking in overparameterised networks | the Cambrian radiation | turbulence onset in pipe flow | the replication of ego depletion | the proton radius puzzle | somatic hypermutation | the Younger Dryas cooling | in-context learning | long-term potentiation | monetary non-neutrality | the neutrino mass hierarchy | horizontal gene transfer in rotifers | the excess volatility of equities
= measure
the Kolmogorov complexity of a string | heritability | effective population size | integrated information | the reproduction number | total factor productivity | the spectral gap of a Markov chain | the sample complexity of PAC learning | Shapley values | the Lyapunov exponent | channel capacity | the instrumental variable estimand | mutual information | the condition number
= bias
survivorship bias | measurement error | publication bias | sampling drift | reverse causation | confounding by indication | selective attrition | label noise | look-elsewhere effects | model misspecification | batch effects
= assumption
heavy-tailed noise | weak dependence | missing-at-random data | finite sample constraints | a Gaussian prior | unobserved heterogeneity | bounded rationality | non-stationarity | an ergodic source
)grammar";

} // namespace intents::grammar_text
