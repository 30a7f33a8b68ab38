/// What stands around requests that are hard to read: two wishes in one breath, long messages, strong feelings. * is the request.
#pragma once
#include <string_view>

namespace intents::grammar_text {

inline constexpr std::string_view edges = R"grammar(
= mixed
{a}, and while you are at it, {b}. | {a} and then {b}. | I want you to {a}. Actually no, {b}. Or both? | can you {a} or, if that is quicker, {b}? | {a}. Then, in the same reply, {b}. | first {a}, afterwards {b}, please. | not sure what I need: {a}, or maybe {b}? | {a}; also {b}. | half of me wants you to {a}, the other half to {b}. | {who} asked me to have you {a}, but I'd rather you {b}. | {a} in a way that lets you {b} too. | could you {a}? And {b}, if there is time. | two things: {a}, {b}. | {a}, but only after you {b}. | instead of just a reply, {a} and {b}. | I started with "{a}" and ended up needing you to {b}. | before you {a}, {b}.
= long_open
sorry, this is going to be long. | I have been collecting questions all week, so here goes. | I know you prefer short messages, but bear with me. | here is everything at once, in no particular order. | my {phone|train|boss|battery} gives me ten minutes, so I will just type it all out. | {who} and I made a list last night, and it grew. | please take these one after the other. | I'd rather write one long message than ten short ones. | where do I begin? | you said I could ask for anything, so I wrote it all down. | as promised, my list.
= long_link
first, | next, | then, | after that, | and also, | what is more, | apart from this, | on another note, | number {three|four|five|six}: | while we are at it, | if you still have patience, | before I forget, | {who} also wants to know: | once that is done, | and, because {who} keeps asking, | further down my list: | in case there is time, | here is one more:
= long_close
that's all, I promise. | sorry again for the length. | answer in whatever order you like. | if it is too much, start with the first one. | thank you for reading this far. | I'll make coffee while you read. | no rush, but {when} would be good. | I hope some of it makes sense. | and now I'm out of breath. | there is more, but not today.
= emotion
I'm so {angry|cross|furious} I could {scream|cry|throw my phone}, {emotion_why}. * | I can't stop crying, {emotion_why}. * | honestly, I'm {desperate|at my wits' end|falling apart|shaking}. {emotion_fact} * | YES! {emotion_joy} I'm so happy! * | I'm {scared|terrified|panicking} because {emotion_fear}. Please, * | ugh, {emotion_why} and I hate everything today. * | * I'm begging you, {emotion_fear}! | I feel like such a failure, {emotion_why}. * | nobody {listens to me|cares|takes me seriously}!!! * | I'm heartbroken. {emotion_fact} * | omg omg omg {emotion_joy} * | this is the {third|fifth|tenth} time I ask and I'm fed up: * | my hands are trembling while I type this. {emotion_fact} * | please don't laugh at me, I'm {ashamed|embarrassed|a mess}. * | I'm so proud I could burst! {emotion_joy} * | WHY does this always happen to me?! {emotion_fact} * | I miss {her|him|them} so much, {emotion_why}. Anyway, * | it's three in the morning, I'm {sobbing|wide awake|exhausted}, and {emotion_fear}. * | finally some good news, {emotion_joy} * | I swear, if one more thing goes wrong... {emotion_fact} * | sorry, I'm a bit emotional, {emotion_why}. * | thank goodness you're there, I'm so {lonely|worried|stressed}. *
= emotion_why
my {sister|boss|best friend|landlord} let me down again | we buried my {grandfather|dog|aunt} yesterday | they gave my job to someone else | I worked on it for {weeks|months|nine days} and nobody cared | he left without a word | they laughed at my work in front of everyone | my {flight|date|show|holiday} got cancelled | she read it out loud to the whole {class|office|bus} | I studied so hard and still failed | the baby hasn't slept in {four|six|ten} days | we argued about {money|nothing|the kids|Christmas} again | it took me all my courage to ask
= emotion_fact
{my computer ate the file|the deadline is in an hour|they moved the exam forward|everything I saved is gone|they called me lazy|I only have one chance at this|my whole team quit|the doctor hasn't called|he posted it online|I promised it to {who}}.
= emotion_joy
{I got the job|we're having a baby|she said yes|I passed on the {first|third|last} try|they loved it|my brother is coming home|the scan was clear|we won the {cup|appeal|prize}|I finally told them}!
= emotion_fear
{I might lose my job|they will all see it|it's too late already|my mother must never find out|I can't do this alone|the results come {tomorrow|tonight|at noon}|I'll let everyone down|the train leaves soon|they'll think I cheated|I don't know who else to ask}
= it
it | that | this thing | the whole thing | that stuff | the other one | what I sent you | the one from before | all of this | this part | the first bit | my thing | what they gave me | the stuff from work | whatever this is | the last one
)grammar";

} // namespace intents::grammar_text
