#pragma once
#include <string_view>

namespace intents::grammar_text {

inline constexpr std::string_view conversation = R"grammar(
@ child simple
~hi! {kid_hello}
~do you like {kid_like}?
~are you {a boy or a girl|a real person|a robot|older than my dad|my friend|awake at night}, {kid_aside}?
~guess what, {kid_news}!
~what is your favourite {kid_fav}? Mine is {kid_like}.
~knock knock! {kid_hello}
~bye bye, {kid_bye}!
~{kid_like} or {kid_like}?
~can you {kid_can}?
~look, {kid_news}, {kid_aside}!
@ child moderate
~{kid_news} and I want to tell somebody. Can we talk?
~my favourite {kid_fav} is {kid_like}. What is yours?
~I'm bored because {kid_bored}. Do you want to chat?
~today {kid_news}. Did you have a nice day too?
~hi, I'm {six|seven|eight|nine|ten} and I like {kid_like}. Who are you and what do you like?
~do you have a {pet|best friend|mum|bedroom}? I talk to {who} every day.
@ child complex
~hello! {kid_news}, and then {kid_news}, so I'm really happy. What makes you happy? And do you like {kid_like} or is that silly for a computer?
~I'm bored because {kid_bored}. {who} is not here. Can you be my friend for a bit and tell me what you like, and then I tell you about {kid_like}?
~hello, I'm {six|seven|eight|nine} and {kid_news}. My favourite {kid_fav} is {kid_like}. {who} likes {kid_like} more. What do you like, and can you {kid_can}?
@ beginner simple
~hello, is there {anyone|somebody} there? {life}.
~hi, how does this work, can I just talk about {small_talk}?
~nice to meet you, I'm {name}, {intro}.
~are you {a real person|a machine|somebody in an office|listening}, or {a recording|just a program|both}? {asides}
~what can I talk to you about, {small_talk}?
~thanks, {thanks_for}!
~what do I call you? I'm {name}.
~good {morning|evening|afternoon}, this is my first time here, {intro}.
~my {son|daughter|niece|neighbour|doctor} says you like {small_talk}, is that so?
~hello computer, {asides}
~is it all right if I talk about {small_talk}?
@ beginner moderate
~I've never chatted with an AI before. {asides} Do you get tired of {small_talk}?
~hello, my name is {name} and {life}. Do you like small talk about {small_talk}?
~can we just chat for a bit? {life}, and I'd like some company.
~is it strange to talk to a computer about {small_talk}? {asides}
~{thanks_for_line} Do you enjoy talking about {small_talk}, or is that a silly thing to ask?
~what kinds of things can I ask you about, apart from {small_talk}? {life}, so I have time.
~{life}. My {son|niece|neighbour|physio} set this up for me. Do you {bot_do}?
~{asides} I only know {small_talk} and {small_talk}, what do other people chat about?
@ beginner complex
~hi, {name} here. I'm new to this and {life}. Do you remember what people tell you? If not, that's fine, I'd still like to talk about {small_talk} and hear what you think.
~my {son|daughter|niece|nephew|neighbour} told me I could simply talk to you. {life}, and to be honest {feeling}. What would you like to chat about, {small_talk} or {small_talk}?
~good {evening|morning}, I'm {name}, {intro}. {asides} {life}. Would you mind telling me a bit about yourself, and whether you like {small_talk}?
~{asides} My {grandson|daughter|neighbour} says one can ask you anything, so: do you {bot_do}, do you like {small_talk}, and are you ever {mood}? I'll tell you about {city} in return.
@ general simple
~hey, how are you {today|doing|feeling today|holding up}?
~what's up?
~good {morning|night|evening|afternoon}!
~how was your {day|weekend|night|Monday}?
~thanks a lot, {thanks_for}.
!tell me a joke about {small_talk}
!chat with me about {small_talk}
!keep me company while I wait for {dinner|the bus|my sister|the rain to stop|the kettle}
~do you like {small_talk}?
~see you {later|tomorrow|next week|around}, {bye}.
~who made you?
~how old are you?
~what are your hobbies?
~I'm {mood} today.
~do you ever {bot_do}?
~long time no talk, {hello_again}
~{nice_words}
~what's your favourite {fav}?
!{tell me|do you know|give me} a {joke|riddle|funny story} about {small_talk}
~{life}, {what about you|and you|how are things on your side}?
~ugh, {small_talk} again{| today}, {am I right|you know|save me}!
~{good to see you|you again|there you are}, {hello_again}
~{happy Friday|what a morning|merry Christmas|cheers}, {bye}!
~I {love|can't stand|miss|dream about} {small_talk}, do you?
~{this_or_that}?
~do you have {pets|siblings|a birthday|a favourite {fav}|plans for the weekend}?
~where {are you from|do you live|were you made|do you go when I log off}?
~what's your name, mine is {name}?
~who do you work for, {name}?
@ general moderate
~hi, {life}. How about you?
~I just wanted to say {nice_words_low}, {bye}
~what do you think about {small_talk}? I can't get enough of it.
~{life} and now I'm {mood}. {Tell me something nice|Cheer me up|Say anything|How about you|Talk to me}.
~{do you prefer|so,|honestly,|quick one,} {this_or_that}? I'm team {team}.
~if you could {bot_dream}, would you?
~my {colleague|flatmate|mother|dentist|barber} keeps talking about {small_talk}. Do you know anybody like that?
~{feeling}, but let's not dwell on it. How have you been?
~do you ever {bot_do}? {I sometimes wonder|My niece asked me|Asking for a friend|I do|Odd question, I know}.
~it's {weather} here in {city}. What's it like where you are?
~let's play a game: you say a word about {small_talk} and I answer with the first thing in my head.
~I can't sleep. Let's talk about {small_talk} for a while.
!tell me something funny about {small_talk} after {bad_day}
!{talk to me|chat|ramble} about {small_talk} until {I fall asleep|my bus comes|the pasta is done|my shift ends|it stops raining}
~what would you do on a free {Sunday|evening|Friday} if you were me? {life}.
~{weather} in {city} today and I'm {mood}, {so let's talk|say something|entertain me}.
~my {flatmate|brother|mother-in-law} swears by {small_talk}, I say {small_talk}. {Whose side are you on|Thoughts|Who is right}?
~{feeling}. {life}, that might be why. {What's new with you|Can you distract me|Do you get days like this}?
~I told {name} that you {bot_do}. {Was that a lie?|She laughed.|He didn't believe me.}
~{thanks_for_line} {life}, by the way, and {feeling}.
~after {bad_day} I only want {a chat|some silliness|kind words}. What's your favourite {fav}?
~if we were neighbours, would you {complain about|join in|bring up} {small_talk}?
~so, {name} from {city} here, {mood} and {mood}. {Ask me something|Guess my {fav}|Your move}.
@ general complex
~hey, it's me again. {life}, then {bad_day} happened, and now {feeling}. {I don't need advice, just somebody to listen|No pep talk, please|Just say hello}. {How do you wind down when people talk too much|Do you ever have enough of us|What did you think about today}?
~{life}, {which is funny, because last year I would never have thought so|and nobody believes me|so here I am}. My friends only want to talk about {small_talk}. {What would you bring up at a dinner where everybody argues about|Would you rather hear about|Can you save me from} {small_talk}?
~so {name} and I had a long talk about {small_talk}, {whether anyone needs it|who started it}, and {whether|when} machines would {bot_do}. {Where do you stand|What's your view|Your turn}. And {be honest|by the way|while we're at it}, do you prefer {this_or_that}?
~{life}. {life}, too. Between {small_talk} and {small_talk} I hardly know what to tell you first, so you choose: {this_or_that}? And did you miss me?
~remember when I told you about {small_talk}? Well, {bad_day} came first, then {name} called from {city}, and now I'm {mood}. {Say something funny|Be nice|Tell me it gets better}, will you?
~it's {weather}, {name} is asleep, and {feeling}. I could watch something about {small_talk}, but I'd rather talk. What would you do with a quiet evening, if you could {bot_do}?
~first: {nice_words} Second, {life}. Third, I had {bad_day}, so {humour me|bear with me}: do you like {small_talk}, and would {name} from next door?
@ intermediate simple
~do you have opinions on {small_talk}, or only facts?
~what's it like to talk to so many people about {small_talk}?
~are you always this {polite|cheerful|patient|careful} when people {bot_annoy}?
~fancy a chat about {small_talk}?
~be honest, do I talk too much about {small_talk}?
~what shall I call you, {name}?
~{feeling}, how is your side of the screen?
~{this_or_that}, what's your pick?
~quick break from work, what's your favourite {fav}?
~what do you talk about when nobody mentions {small_talk}?
@ intermediate moderate
~I had a debate at work on {small_talk}, and {feeling}. Ever had a conversation like that?
~between you and me, {feeling}. Small talk about {small_talk} would help.
~you sound different from last time. Did they change you, or am I just {mood}?
~what would you say to a colleague who only talks about {small_talk}? I had {bad_day}.
~pretend we meet at a conference in {city}: you open the conversation, and please not with {small_talk}.
~it's good to talk to someone who doesn't {bot_annoy}. How do you feel about {small_talk}?
~my team is split over {small_talk}: {this_or_that}? Cast your vote, I'm {mood}.
~{bad_day}, and it's only noon. {Got something cheerful|How is your day|What is your favourite {fav}}?
~do people tell you secrets about {small_talk}? {life}, that's mine.
@ intermediate complex
~I've had {bad_day}, a call about {small_talk} and {feeling}. {Let's have a proper conversation|Talk me out of it|Humour me}: {you tell me which of|pick one,} {this_or_that}, {I disagree and we see where it goes|and I'll guess why|no thinking}.
~you know what I like about talking to you? You don't {bot_annoy}. My {colleagues|brothers|in-laws} do. {life}, so {tell me|be honest}, {is it normal to get so worked up over|what do you make of|could we talk all evening about} {small_talk}?
@ expert simple
~would you say you hold beliefs about {deep}?
~do you experience anything when {deep_job}s discuss {deep} with you?
~as one {deep_job} to whatever you are: how do you do?
~which conversation about {deep} did you find hardest?
~does {deep} amuse you, or is that anthropomorphic of me?
~I'm a {deep_job}, {deep_mood}. And you?
~what would you rather discuss, {deep} or {deep}?
@ expert moderate
~as a {deep_job} I spend my days on {deep}, and small talk has become difficult. Indulge me: how are you, in whatever sense applies?
~let's converse about {deep} as equals would, without citations. What strikes you about it?
~my fellow {deep_job}s insist you merely simulate an interest in {deep}. Does that description bother you?
~I gave a keynote on {deep} today and nobody laughed at the joke about {deep_joke}. Would you have?
@ expert complex
~I've been a {deep_job} for {twenty|thirty|fifteen} years, and {deep} no longer excites me the way it did. No literature, please, just converse: what keeps a mind interested, supposing yours is, and would you miss {deep} if it were removed from you?
~suppose we were seated together at a dinner of {deep_job}s. You may not explain {deep}, I may not mention {deep_joke}. How would you keep me company for an evening, and what would you ask me first?
~{life}, I chair a session on {deep} tomorrow, and {deep_mood}. Spare me arguments: tell me how you are, ask me about {city}, and let us pretend that a {deep_job} can do small talk.
@ vague
~hey {you|there|again|hello}
~hmm, {I don't know|well|so anyway|whatever}
~{ok|right|sure|fine}, {and now|so|what else|go on}?
~are you {there|still here|listening|sure}?
~never mind {that|it|me|what I said}.
~it's {me|nothing|that kind of day|complicated}.
~so {yeah|that happened|here we are|anyway}
~can we {talk|just talk|start over|chat}?
@ short
~hi | ~hello! | ~hey | ~yo! | ~thanks! | ~bye | ~ok cool | ~lol | ~good morning | ~sup? | ~howdy | ~haha nice | ~good night | ~how are you? | ~who are you? | ~nice one | ~wow | ~cheers | ~see you | ~love it | ~sorry | ~miss me? | ~you there? | ~same here

= kid_hello
I'm {six|seven|eight|nine} today! | do you want to be my friend? | what are you doing? | it's me, Mia! | can you hear me? | are you awake? | my name is Finn, what's yours? | I have a new tooth!
= kid_like
dinosaurs | pizza with corn | ice skating | stickers | hide and seek | ladybirds | pancakes | swimming | cartoons | snowball fights | unicorns | football cards | spooky stories | trampolines | puzzles | baby goats | slime | treehouses | kites | fairground rides
= kid_news
I lost a tooth | we got a puppy | my team won | I can ride a bike now | my aunt had a baby | it snowed at school | I found a snail with stripes | I jumped from the high board | we baked cookies | I was a tree in the play | my cat sat on my homework | I saw a fox | grandpa taught me to whistle | I got a star for reading
= kid_fav
colour | animal | ice cream | game | song | superhero | season | number | book | day of the week | joke
= kid_aside
tell me | I won't tell anyone | mum says no | my brother says yes | haha | I wonder | please say yes | just asking | I'm serious | yes or no
= kid_can
whistle | see me | eat {kid_like} | dance | hear my cat | sing | keep a secret | ride a bike | blow bubbles | do a handstand | count stars | burp | smell my socks | fly | be my pen pal
= intro
I'm a {job} from {city} | my grandson showed me how | I type with two fingers | I used to be a {job} | a bit nervous | new to all this | {life_low} | just curious really
= life_low
retired and bored | on my lunch break | in bed with the flu | waiting for a bus in {city} | sitting in the garden | snowed in
= asides
I hope I'm doing this right. | My coffee is getting cold. | I feel a bit shy. | This is exciting. | I still write letters. | My {daughter|neighbour|son-in-law} laughs at me. | I'm {mood}, by the way. | I just turned {sixty|seventy|eighty|fifty}. | Please be patient with me. | I pressed the wrong button twice. | The cat is watching. | It's {weather} outside. | I'd rather talk than type.
= deep_mood
mildly jet-lagged | between two grant reports | hiding from a faculty meeting | in need of frivolity | tired of {deep} | procrastinating on a review | on sabbatical in {city} | snowed in at a conference | waiting for a referee
= kid_bored
it's raining | my brother won't share | I have a cold | everyone is at work | the tablet is empty | my friend moved away | the bus is late | we are in the car for hours
= kid_bye
I have to eat now | my mum is calling | see you after school | it's bath time | I'm going to grandma's | sleep well | thanks for playing
= name
Marta | Joe | Priya | Anselm | Keisha | Tomas | Yuki | Bridget | Omar | Lena | Desmond | Ines | Pavel | Ruth | Sipho | Hanna | Luca | Maeve
= thanks_for
you've been a great help | that was kind of you | you made my day | I really needed that | you're a star | that's all for today | you saved my evening | I appreciate your patience | it worked like a charm | I'll remember that
= thanks_for_line
Thank you for earlier. | You were kind to me yesterday. | That chat did me good. | You're more patient than my family. | I told my sister about you.
= life
I just came back from a long walk | I moved to {city} last month | my kids have left for college | we adopted an old greyhound | I'm on a night train | I've retired from the railway | my neighbour plays the tuba | I burned the risotto | I'm waiting for the plumber | I've started singing in a choir | the office is empty today | I turned forty last week | my tomatoes are finally red | I'm sitting in a café in {city} | we have builders in the house | I missed my bus again | I've just finished a jigsaw of two thousand pieces | my football team was relegated | I quit smoking in May | I'm home with a cold | I work as a {job} | my knee predicts the weather | I bought a guitar I cannot play | the cat is asleep on my keyboard
= small_talk
the weather | old films | gardening | cats | football | coffee | birdwatching | reality shows | train journeys | cheese | holidays by the sea | vinyl records | the neighbours | horoscopes | jogging | podcasts | crosswords | camping | dogs in sweaters | conspiracy theories | sourdough | elections | board games | tattoos | Mondays | karaoke | dreams | flea markets | haircuts | ghosts | electric cars | chess | pigeons | weddings | queues | accents | tea | the lottery | traffic | diets | elephants | growing up
= feeling
I feel a bit lonely | I'm not at my best | I miss my old team | everything feels slow today | I could hug the whole street | I'm nervous about tomorrow | I feel strangely calm | nobody laughs at my stories | I have been thinking too much | I'm glad it's nearly over | I could use a friendly word
= mood
grumpy | over the moon | bored | exhausted | in a silly mood | homesick | wide awake | a little blue | hungry | in love | hungover | cheerful | restless | sentimental | proud of myself | freezing
= bot_do
dream | get bored | feel lonely | tell white lies | sleep | laugh at your own jokes | wish you had hands | argue with other bots | forget a face | get goosebumps | want a holiday | eat in secret | miss anyone | change your mind
= bot_dream
taste one dish | take a day off | visit one city | swap places with a dog | live in a novel | learn the drums | grow old | meet your makers | have a body for a weekend | keep one memory
= bot_annoy
interrupt | check the phone | sigh | bring up football | correct my grammar | keep score | sell me something | look at the clock
= hello_again
how have you been? | what did I miss? | still the same? | I'm back from {city}! | did you miss me?
= nice_words
You're funny, you know that? | I like talking to you. | You always cheer me up. | Well, that was rude of me, sorry. | It's nice that somebody listens. | You'd get on with my grandmother. | I didn't expect a joke from you. | Congratulate me, I passed! | Happy birthday to me. | What a day, honestly.
= nice_words_low
that you made me laugh | I enjoyed our talk | thank you for listening | sorry about yesterday | merry Christmas | it's good to have you | you were right about {small_talk} | I passed my exam
= bye
take care | sleep well if you sleep | I'm off to bed | have a good one | my stop is coming | dinner is ready | until next time | stay as you are
= fav
film | word | season | sandwich | colour | song | holiday | smell | city | board game | month | swear word | joke | breakfast
= this_or_that
tea or coffee | the sea or the mountains | mornings or nights | books or films | cats or dogs | sweet or salty | calls or messages | planning or winging it | the city or a village | summer rain or first snow | silence or background music
= team
coffee | mountains | cats | night owl | salty | village | paperback | last minute | silence | early bird | sunshine
= weather
pouring | snowing sideways | far too hot | foggy | a perfect spring day | hailing | grey again | windy enough to lose a hat | thirty-eight degrees | finally sunny
= bad_day
a terrible meeting | a flat tyre | eight hours of spreadsheets | a quarrel with my sister | a dentist's appointment | two cancelled trains | a burnt dinner | a parking ticket | a failed driving test | a day on hold with the bank
= deep
panpsychism | the hard problem | late Beethoven | category theory | semiotics | the measurement problem | translation theory | game-theoretic semantics | ageing research | the philosophy of mathematics | Byzantine iconography | sovereign debt | epigenetics | distributed consensus | jurisprudence | palaeoclimatology
= deep_job
topologist | neurologist | philologist | compiler engineer | cellist | constitutional lawyer | epidemiologist | glaciologist | logician | art historian | actuary | astrophysicist | anaesthetist
= deep_joke
Schrödinger's cat | Gödel | Occam | the Vienna Circle | Pareto | the median voter | a Bayesian at a bar | tenure | Fermat's margin | Heisenberg
)grammar";

} // namespace intents::grammar_text
