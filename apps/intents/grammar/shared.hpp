/// Lists that every intent may draw from, and how a request is put: what stands around it tells its style. * is the request.
#pragma once
#include <string_view>

namespace intents::grammar_text {

inline constexpr std::string_view shared = R"grammar(
= ask.neutral
*. | *. | *. | *. | can you *? | would you *? | I {need|want} you to *. | I'd like you to *. | {see if you can|I'm hoping you can|try to} *. | could you *? | I want you to *. | go ahead and *. | your task: *. | what I'd like is for you to *. | are you able to *? | today I need you to *. | next, *.
= ask.neutral.child
*. | *! | can you *? | I want you to *. | can you try to *? | could you *? | will you *? | I need you to *. | my teacher says I should ask you to *. | {who} says you can *.
= ask.formal
I would be grateful if you could *. | would you be so kind as to *? | kindly *. | could I ask you to *? | I would appreciate it if you could *. | may I ask you to *? | it would help me considerably if you could *. | I should like you to *. | on behalf of {our team|my department|the committee|the board}, I ask you to *. | you are requested to *. | I am writing to ask whether you could *.
= ask.casual
hey, can you *? | can u *? | ok so *. | could ya *? | gonna need you to *. | *, yeah? | *, will ya? | hey, *. | so *, ok? | alright, *. | be a pal and *. | wanna *? | yo, *. | hi there, could you *? | mind helping? just *. | quick favour, *. | you up for it? *.
= ask.casual.child
hey, can you *? | pleeease *! | *, ok? | hi! can you *? | um, could you *? | *, pretty please? | guess what, I want you to *!
= ask.polite
please could you *? | could you please *? | *, please. | *, {if you don't mind|if you can spare a minute|if that's all right|when it suits you}. | *, if it's not too much trouble. | when you have a minute, *. | I'd love it if you could *. | would it be all right if I asked you to *? | if you get the chance, *. | sorry to bother you, but could you *? | be so good as to *, thank you.
= ask.polite.child
please can you *? | *, please! | could you please *? | please *, thank you! | *, please and thank you.
= ask.urgent
I'm in a hurry, so *. | quick, *. | * as soon as you can. | this is urgent: *. | no time to lose, *. | it's due {tonight|in an hour|at noon|first thing tomorrow}, so please *. | {my meeting starts|the bus leaves|they call me|class begins|I'm on stage} in {five|ten|fifteen|twenty} minutes: *. | right away, please *. | drop everything and *. | running late, just *. | * within the hour if possible.
= ask.terse
*
= around.neutral
* | * | * | * | question: * | I wonder: * | something I have been asking myself: * | * {any idea?|do you happen to know?|what's the short answer?|I can't find it anywhere.} | one thing I'd like to know: * | tell me, * | here is what puzzles me: *
= around.neutral.child
* | * | * | {who} asked me and I didn't know: * | I want to know: * | tell me, * | * do you know? | * I really want to know!
= around.formal
good morning. * | dear assistant, * | * {thank you in advance.|kind regards.|with thanks for your time.} | * I look forward to your reply. | a formal enquiry: * | I should like to ask: * | * your view would be appreciated. | for the record: *
= around.casual
hey, * | so, * | ok, * | hmm, * | btw, * | random thought: * | lol, * | yo, * | dumb question maybe, but * | * just curious. | been wondering all day, * | wait, * | {who} and I {are arguing|have a bet|disagree}: *
= around.casual.child
hey, * | um, * | * I bet you know! | wow, * | hihi, *
= around.polite
excuse me, * | sorry to bother you, but * | * thank you! | if you have a moment: * | * thanks so much. | pardon me, * | * many thanks for your patience. | may I ask: *
= around.polite.child
excuse me, * | please tell me: * | * thank you! | can I ask you something? *
= around.urgent
quick one: * | urgent: * | * I need to know fast. | no time, so: * | * I have to answer in {five|two|ten} minutes. | help, fast: * | * they are waiting for me. | before I hang up: *
= around.terse
*

= who
my sister | my boss | my landlord | a new colleague | my neighbour | our best customer | my grandfather | a friend who moved away | the whole team | my flatmate | a volunteer of ours | a stranger on the train | my old teacher | our youngest trainee | my brother-in-law | the book club | my daughter | a visiting student | our night shift | the parents' group | my doctor | our caretaker | the choir | my tennis partner | a journalist | my apprentice | the landlady | my uncle
= who.child
my best friend | my little brother | grandma | my teacher | my cousin | my big sister | grandpa | my dad | a kid in my class | my mum | my football team | the new girl at school | my hamster | our school bus driver | my aunt
= who.expert
the steering committee | our reviewers | the on-call engineers | a peer reviewer | our regulator | the grant panel | my doctoral students | the architecture board | our chief statistician | the clinical team | the standards body
= when
by Friday | before lunch | tonight | over the weekend | next Tuesday | by the end of the month | in two days | before the holidays | tomorrow morning | within a week | in the spring | by half past six | on my day off | before the school run | at the end of the quarter
= city
Lisbon | Nairobi | Osaka | Montreal | Kraków | Lima | Hanoi | Glasgow | Seville | Tallinn | Jaipur | Valparaíso | Ghent | Tbilisi | Accra | Bologna | Reykjavik | Marrakesh | Portland | Wellington | Ljubljana | Penang | Bergen | Medellín | Zagreb | Amman | Galway | Dakar
= job
nurse | carpenter | bus driver | florist | librarian | baker | paramedic | beekeeper | electrician | tax adviser | violin teacher | receptionist | welder | zookeeper | translator | farmer | hotel manager | dental assistant | barista | surveyor | midwife | tailor | lighthouse keeper | stage technician
)grammar";

} // namespace intents::grammar_text
