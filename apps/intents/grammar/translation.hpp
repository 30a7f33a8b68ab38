#pragma once
#include <string_view>

namespace intents::grammar_text {

inline constexpr std::string_view translation = R"grammar(
@ child simple
how do you say {kid_word} in {language}?
what is {kid_word} in {language}?
!say "{kid_say}" in {language}
how do I write my name in {language}?
what does "{foreign}" mean?
!teach me to count to {three|five|ten} in {language}
@ child moderate
my new friend speaks {language}. How do I say "{kid_say}" to her?
!say "{kid_say}" in {language} and in {language}
{who} comes from {city} and says "{foreign}" to me. What does it mean in English?
!translate "{kid_say}" into {language} and tell me how to speak it out loud
which words do I need in {language} for {kid_word} and {kid_word}?
@ child complex
I want to make a card for a friend who speaks {language}. Please put "{kid_say}" and "{kid_say}" into {language}, write how each one sounds, and tell me which word means {kid_word}.
{who} wrote "{foreign}" and "{foreign}" to me. Which languages are these, what do they mean, and how do I answer "{kid_say}" in the same language?
@ beginner simple
how do I say "{phrase}" in {language}?
!translate "{phrase}" into {language}
what does the {language} word for {noun} sound like?
what is the {language} word for {noun}?
what does "{foreign}" mean in English?
how would they say {noun} in {country}?
@ beginner moderate
I'm learning {language}. How do I say "{phrase}" politely?
!translate "{phrase}" into {language} and show me the pronunciation
what is the difference between the {language} words for {noun} and {noun}?
on my trip to {country} I need to say "{phrase}". How do people say that there?
a sign in {city} said "{foreign}". Can you tell me what that is in English?
!translate "{sentence}" into easy {language} that a beginner can read
how do I say {noun}, {noun} and {noun} in {language}?
someone in {country} wrote "{foreign}" to me. How do I reply "{phrase}"?
is "{phrase}" hard to say in {language}?
@ beginner complex
I started {language} a month ago. Translate "{phrase}" and "{sentence}" for me, mark which word is the verb, and tell me what I would say to a friend instead.
before I travel to {country} I would like a mini phrasebook: "{phrase}", "{phrase}" and the word for {noun}, each in {language} with the pronunciation in brackets.
@ general simple
!translate "{phrase}" to {language}
how do you say {noun} in {language}?
!translate "{foreign}" into English
what's "{phrase}" in {language}?
what is {language} for "{phrase}"?
!put "{sentence}" into {language}
how do they say {noun} in {city}?
can you tell me how to say "{phrase}" in {language}
what would I say in {language} if I want to say "{phrase}"?
!translate {piece} into {language}
@ general moderate
!translate "{sentence}" into {language}
!{translate|put|bring} {piece} from {language} into English {and keep|without losing|but preserve} {keep}
{I got|my neighbour got|there is} a {message|letter|note|text} in {language}: "{foreign}" What does it {say|mean}?
!render "{sentence}" in {language}, in a {register} tone
how would a {job} in {city} say "{phrase}"?
!translate {piece} into {language} for {target}
is there a {language} word for {noun}, or do people borrow the English one?
what is the {language} equivalent of the saying "{proverb}"?
!translate "{sentence}" into {language} and back, and {tell me what got lost|show both versions|check the tense|compare}
!proofread my {language} translation of "{sentence}"
my {neighbour|guest|date|aunt|tenant} only speaks {language}. How do I ask: "{phrase}"
!give me {three|two|four} ways to say "{phrase}" in {language}
what would {who} have to say in {language} for "{phrase}"?
is "{foreign}" {polite|rude|old-fashioned|correct}, and how would I {answer|translate} it in {language}?
!translate the {first|last|second} {line|paragraph|page} of {piece} into {language} and {language}
!say "{sentence}" in {language} the way {a child|a lawyer|my grandmother|the radio} would
does {noun} have {two|several} words in {language}? Which one means {noun}?
my {language} is rusty: does "{foreign}" mean "{phrase}"?
!correct the {language} in {piece} and translate it for {target}
@ general complex
!translate {piece} into {language} for {target} // Keep {keep}, use a {register} tone, and {list|mark|explain} {expressions|idioms} {that have no direct equivalent|that cannot be kept}, such as "{proverb}".
we are sending {piece} to {target} in {country}. Please translate it into {language}, adapt dates and units, keep {keep}, and give me the sentence "{sentence}" in two versions.
!translate "{sentence}" and "{sentence}" into {language}, explain the word order, and tell me which version sounds natural in {city}
I wrote {piece} in English for {target}. Put it into {language}, then into {language}, make both sound {register}, and warn me where "{phrase}" could be taken the wrong way.
"{foreign}" and "{foreign}" stand on {piece} that I {found|bought|inherited} in {city}. Which languages are they, what do they mean, and how would one say both in {language}?
!translate "{sentence}" into {language} in three registers, {register}, {register} and {register} // Explain what changes, and whether {target} would notice.
@ intermediate simple
!translate the idiom "{proverb}" into {language}
!localise {piece} for {country}
what is a natural {language} rendering of "{sentence}"?
!subtitle {piece} in {language}
which {language} preposition translates "{prep}"?
@ intermediate moderate
!translate {piece} into {language}, keeping {keep} and a {register} register
!localise {piece} from English to {language} and flag anything that will not work in {country}
which translation of "{sentence}" is more idiomatic in {language}, the literal one or a paraphrase?
!translate "{proverb}" into {language} so that it still works in {piece}
how does the {language} version of "{sentence}" change when I address {target}?
!translate these strings of {piece} into {language}: "{phrase}", "{phrase}" and "{phrase}"
!adapt "{proverb}" for readers in {country}, in {language}
!check whether my {language} for "{sentence}" sounds {register} enough for {target}
!translate the {captions|headings|small print} of {piece} from {language}
@ intermediate complex
!translate {piece} into {language} for {target} // Keep {keep}, build a small glossary with {noun} and {noun}, and comment on two places where {register} wording would mislead.
our site goes live in {country}. Translate {piece} into {language}, keep {keep}, make "{phrase}" fit on a button, and suggest what to do about "{proverb}".
@ expert simple
!translate {lit} into {language}
how would you render "{hard_term}" in {language}?
!translate {old_text} from {old_language}
which {language} term covers "{hard_term}" in legal usage?
@ expert moderate
!translate {lit} into {language} while preserving {feature}
!compare published {language} translations of {lit} with regard to {feature}
!render "{hard_term}" in {language} and {language}, noting the false friends
!translate {old_text} from {old_language} and annotate {feature}
how have translators dealt with {feature} when rendering {lit} in {language}?
!prepare a terminologically consistent {language} version of {lit}
@ expert complex
!translate {old_text} from {old_language} into {language} // Preserve {feature} where the target syntax permits, otherwise compensate elsewhere, and justify each deviation in a translator's note on "{hard_term}".
!produce a documentary and an instrumental translation of {lit} into {language}, contrast how each handles {feature}, and recommend an equivalent for "{hard_term}" that a sworn translator could defend
@ vague
!translate {it}
what does {it|this|that word|the sign} mean in {English|our language|the other language}?
how do you say that {thing|word|phrase} {over there|in their language|abroad|again}?
!put {it} into {my language|something I can read|the other language}
!say {it} in {foreign|fancy|any other language|whatever they speak}
is that {Spanish|French|German or Dutch}, and what is it saying?
can you {read|decode|turn into English} the {note|label|menu|letter}?
@ short
in French? | translate | say it in Thai | into German? | en español? | Spanish for cat? | bonjour? | auf Deutsch? | in English? | Polish please | what language? | danke means? | Latin name? | in Korean | translate hello | Swahili for tea? | goodbye in Greek? | in Arabic? | Dutch word? | yes in Turkish? | ciao? | kanji for sun? | thanks in Urdu?

= kid_word
dog | butterfly | friend | strawberry | goodnight | snow | rainbow | grandma | thank you | football | moon | I love you | cat | happy birthday | chocolate | hedgehog | school | blue | mummy | ice cream | rabbit | hello
= kid_say
can I play with you? | happy birthday! | I like your hat | do you have a pet? | my name is Leo | let's be friends | where is the toilet? | thank you for the cake | sweet dreams | I am seven years old | good luck | the dog is funny | see you tomorrow | I'm hungry | you are my best friend | wait for me! | no peeking
= language
Spanish | French | German | Italian | Portuguese | Dutch | Swedish | Polish | Turkish | Greek | Japanese | Korean | Mandarin | Arabic | Hindi | Russian | Ukrainian | Czech | Finnish | Hungarian | Swahili | Vietnamese | Thai | Welsh | Irish | Romanian | Hebrew | Persian | Urdu | Bengali | Tagalog | Danish | Norwegian | Catalan | Icelandic | Zulu | Malay | Georgian | Basque | Estonian | Cantonese | Croatian | Tamil | Yoruba
= old_language
classical Latin | Old Norse | Attic Greek | Middle High German | Sanskrit | Old Church Slavonic | biblical Hebrew | Ottoman Turkish | classical Chinese | Old English | Akkadian | Coptic | Early New High German
= foreign
bonne chance | guten Appetit | ¿dónde está la parada? | non lo so | hasta mañana | bis später | à tout à l'heure | obrigado pela ajuda | tot ziens | buon compleanno | wie geht es dir? | no hay problema | je suis en retard | Vorsicht, bissiger Hund | prohibido fumar | sens interdit | tack så mycket | dzień dobry | chiuso per ferie | gesloten | ausverkauft | salida de emergencia | mi casa es tu casa | ça ne fait rien | selamat datang | hyvää yötä | dobrou chuť | teşekkür ederim | saudade | bitte nicht stören | entrada gratis | mise en place | pas de souci | che figata | schadenfreude | sobremesa
= phrase
where is the train station? | I'm allergic to nuts | the bill, please | I lost my passport | how much does this cost? | I don't eat meat | could you speak more slowly? | what time do you close? | I need a doctor | is this seat taken? | my room has no towels | I would like to pay by card | can you call me a taxi? | I'm just looking | have a safe trip | get well soon | the lift is broken | we have a reservation | no onions, please | it was delicious | which platform is it? | I miss you | the Wi-Fi does not work | keep the change | may I take a photo? | congratulations on your new job | I'm running ten minutes late | happy new year | good night | one more coffee, please | how far is the beach? | long time no see | where can I park? | I am looking for a pharmacy | turn left at the church | nice to meet you | please don't wake me | sorry for your loss | let's split the bill | is breakfast included?
= noun
butter | bread | lawyer | umbrella | receipt | cousin | thunder | homesickness | a spoon | neighbour | sparrow | deadline | elbow | garlic | cupboard | hangover | wheelbarrow | stepmother | dew | screwdriver | courage | landlord | ginger | a queue | pillow | frost | envelope | privacy | twins | kettle | mortgage | sunrise | luggage | nephew | goosebumps | bargain
= country
Brazil | Japan | Morocco | Poland | Thailand | Zambia | Iceland | Greece | Turkey | Mexico | Vietnam | Portugal | Finland | Iran | South Korea | Senegal | Austria | Egypt | Indonesia | Quebec | Israel | Argentina
= sentence
The parcel was left with the neighbours because nobody opened the door. | We regret that the concert has been moved to Thursday. | If the alarm rings twice, leave the building by the back stairs. | I would have called you, but my battery was flat. | She has been working here since the shop opened. | Please send us the signed form before the end of May. | My brother, who lives in Leeds, is getting married. | The soup should simmer for an hour without a lid. | You can return the shoes within thirty days. | The children were so tired that they fell asleep in the car. | No dogs are allowed on the beach in summer. | He pretended not to know me. | Our offices will stay closed over the holidays. | It rained all week, so we played cards. | The more I read about it, the less I understand. | I wish I had bought the green one. | We are looking forward to your visit. | The price includes breakfast but not the tourist tax. | Take two tablets after meals. | Somebody has parked in front of our gate again. | The meeting ended earlier than expected. | Could you tell me where the exhibition begins? | They used to live above a bakery. | Don't forget to water the tomatoes while I'm away.
= proverb
it's raining cats and dogs | a bird in the hand is worth two in the bush | don't cry over spilt milk | the early bird catches the worm | when pigs fly | a storm in a teacup | the straw that broke the camel's back | barking up the wrong tree | too many cooks spoil the broth | let sleeping dogs lie | once in a blue moon | out of the frying pan into the fire | break a leg | bite the bullet | still waters run deep | to beat about the bush | the elephant in the room
= piece
my cover letter | a menu | this love letter | the subtitles of a short film | a recipe for dumplings | our privacy notice | the product label | a birth certificate | an invitation to a wedding | the lyrics of a lullaby | a rental agreement | a museum guide | this complaint | the opening hours | a doctor's note | my dating profile | the error messages of our app | a postcard from 1912 | an obituary | the assembly instructions | a press release | an online shop's checkout page | the village newsletter | a school report | the safety leaflet | a fishing permit | a knitting pattern | the voice menu of our hotline
= keep
the line breaks | the rhymes | all names | the headings | the humour | the placeholders | the numbers | the tone | the brand names | the bullet points | the quotation marks | the polite form
= register
friendly | formal | neutral | warm | businesslike | youthful | respectful | chatty | solemn | matter-of-fact
= target
an elderly reader | the embassy | a twelve-year-old | new customers | a court | hotel guests | the parents of our pupils | a business partner | tourists | nurses | a landlord abroad | teenagers | the tax office | our suppliers
= prep
in charge of | by next week | on behalf of | out of habit | for years | at the latest | despite
= lit
the prologue of a medieval chronicle | a sonnet by Louise Labé | an indemnity clause | the opening of an epic | a deposition | a fragment of Heraclitus | an informed consent form | an affidavit | a passage of stream of consciousness | a choral ode | a patent claim | a clinical trial protocol | a parliamentary speech of 1848 | a dialect monologue | an arbitration award | a liturgical hymn | a psychoanalytic case study
= old_text
a medieval chronicle | a choral ode | a royal inscription | a fragment of an epic | a merchant's letter | a liturgical hymn | a law code | a grave inscription | a love poem | an astronomical tablet | a commentary on grammar | a peace treaty | a recipe for ink | a sermon
= feature
the hexameter | register shifts | the evidential markers | wordplay on homophones | the passive constructions | culture-bound allusions | the defined terms | aspectual contrasts | honorifics | the syntactic ambiguity | code-switching | archaic spelling | gender-neutral reference | the alliteration
= hard_term
consideration | Dasein | accountability | without prejudice | wabi-sabi | fair dealing | governance | estoppel | Gemütlichkeit | sprezzatura | trust | mens rea | Aufhebung | commons | due process | différance | equity
)grammar";

} // namespace intents::grammar_text
