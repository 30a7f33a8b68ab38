#pragma once
#include <string_view>

namespace intents::grammar_text {

inline constexpr std::string_view creative_writing = R"grammar(
@ child simple
!{write|tell me|make up|invent} a story about {hero}
!make up a poem about {small_thing}
!tell me a bedtime story with {hero} in it
!write a funny song about {small_thing}
!invent a fairy tale where {hero} {hero_does}
I want a story about {hero} and {hero}!
!make a riddle about {small_thing}
@ child moderate
!{write|tell|make up} a story where {hero} {hero_does} and gets lost in {place_fun}
!make up a rhyme about {hero} and {small_thing} // It should be silly.
!write a short play for {who} and me about {hero} in {place_fun}
can you make a story in which {hero} {hero_does}, but then {twist_fun}?
I lost {small_thing}. Write me a story about where it went.
!write a poem that rhymes about {hero} who {hero_does}
@ child complex
!write a story with three chapters: first {hero} {hero_does}, then {twist_fun}, and at the end everybody meets in {place_fun}
I want a story for {who}. {hero} lives in {place_fun} and {hero_does}, but {twist_fun}. The end has to be happy and there must be {small_thing}.
!make up a comic about {hero} and {hero} in {place_fun} // They should talk in speech bubbles, and in the last picture {twist_fun}.
@ beginner simple
!{write|compose|come up with} a {tiny_form} about {theme}
!write me a {form} of a few lines for {occasion}
!come up with a name for {brand}
!write a birthday message for {who}
!compose a {tiny_form} for {who}
!write an opening line for a story about {theme}
!make up a story about {theme}
@ beginner moderate
I've never written a {form} before. Could you write one about {theme} so I can see how it is done?
!write a {form} about {theme} in simple language
!write a short speech for {occasion} that makes people smile
!give me a first paragraph for my story about {character}
!write a {tiny_form} for {who} that mentions {object}
!turn the idea "{premise}" into a short story
!write a caption and a little poem for a photo of {scene}
!write a poem about {scene} that even {who} would enjoy
!help me finish my story: {character} finds {object}, and then?
!invent {three|two|five} characters for a story about {theme}
!write a funny {tiny_form} about {theme} for {occasion}
@ beginner complex
I am trying creative writing for the first time. Write a {form} about {theme}, keep the sentences short, and afterwards tell me which {device} you used.
!write two versions of a {tiny_form} for {occasion}: one funny, one sincere // Both should mention {object}.
!start a story in which {premise}, stop at the most exciting point, and offer me three ways to continue
@ general simple
!{write|compose|draft|create} a {form} {about|on the subject of|inspired by} {theme}
!{write|invent|improvise} a {tiny_form} about {scene}
!compose a lullaby about {scene}
!write a limerick about {character}
!tell me a story about {character}
!write a toast for {occasion}
!make up a legend about {object}
!write lyrics for a {genre} song about {theme}
!invent a slogan for {brand}
!write a letter from {character} to {character}
@ general moderate
!{write|compose|imagine|spin} a {form} in which {premise}
!{write|create} a {tone} {form} about {theme}, {set in|that opens in|that ends in} {setting}
!{describe|paint in words|portray} {scene} as {character} would {see it|remember it|describe it to a child}
!{write|draft|script} a {short|tense|funny|whispered} dialogue between {character} and {character} about {theme}
!write a {genre} story that begins with {object} and ends in {setting}
!compose a {tone} poem about {scene} that never says what it is about
!{write|script} a monologue for {character} who has just {found|lost|stolen|sold|broken} {object}
!draft a wedding speech that includes {object} and a story about {theme}
!write the diary entry of {character} on the day when {premise}
{I need|we want|I'd love} a {tone} tale for {occasion}: {character} discovers {object} in {setting}
!write a review of {setting} from the point of view of {character}
!create a character for a {genre} novel who works as a {job} and hides {object}
!turn {scene} into the {first|last|turning} {line|scene|image} of a {genre} novel
!write {song lyrics|a radio play|a fable|a chapter} where {character} {falls in love with|hides from|mistakes for a thief|owes money to} {character}
!let {object} tell its own story, from {setting} to {setting}
!invent a {holiday|superstition|village legend|board game} built on the idea that {premise}
!rewrite the {ending|beginning} of a fairy tale so that {premise}
!give {character} a secret that has to do with {object}, and write the scene where it comes out
!write {three|four|five} opening lines for a {genre} story about {theme}
!write a {tone} letter that {character} never {sends|finishes|dares to sign}, about {theme}
!make a {genre} story out of this: {character}, {object}, {setting}
@ general complex
!write a {tone} {form} of about {length} in which {premise} // Set it in {setting}, let {character} narrate, and end with {object}.
!write a scene where {character} and {character} argue about {theme} in {setting}, without either of them saying what they mean // Keep it under {length}.
!write the first chapter of a {genre} novel: {premise}, the narrator is {character}, and {object} turns up on the last page
I want a story told backwards. It ends in {setting}, {character} is holding {object}, and the reader only learns at the close that {premise}. Please write it.
!compose a cycle of three poems on {theme}, one for morning, one for noon and one for night // Use {scene} in each of them.
!write a {genre} story told by {object}: it begins in {setting}, passes through the hands of {character}, and ends when {premise} // No more than {length}, please.
{character} and {character} are stuck in {setting} overnight. Write what they {say|hide|confess}, let {object} change hands twice, and finish on {scene}.
!draft a {tone} bedtime story, then the same plot as {genre}, both with {character} and {object} // Each should fit into {length}.
!write about {theme} in three voices: {character}, {character}, and somebody who is only overheard // {premise}, but nobody says so aloud.
@ intermediate simple
!write a {verse} about {theme}
!write flash fiction about {scene}
!write a villain's monologue about {theme}
!rewrite a fairy tale as {genre}
!sketch a {genre} scene in {setting}
@ intermediate moderate
!write a {verse} on {theme} that relies on {device}
!write a {genre} scene in which subtext carries the fact that {premise}
!write a short story in second person about {character}, using {device} twice
!draft a screenplay page: {setting}, night, {character} enters with {object}
!write a pastiche of a {genre} opening, with {character} as detective
!write a prose poem that moves from {scene} to {theme}
!write an unreliable narrator who claims that {premise}
!write a {verse} in the voice of {character}, with {device} in every stanza
!open a {genre} novella in {setting}, in medias res, with {object} in the first sentence
!write dialogue without tags: {character} and {character} discuss {theme}
@ intermediate complex
!write a {genre} short story of {length} in three scenes // The through-line is {theme}, {object} recurs in every scene, and the point of view moves from {character} to {character}.
!compose a {verse} on {theme} with a turn after the second stanza, then revise it once and use {device} in the revision
!write an epistolary story: {character} in {setting} writes to {character}, {premise}, and the letters slowly contradict one another
@ expert simple
!write a {strict} on {theme}
!write a {strict} addressed to {object}
!compose a {strict} in the voice of {character}
!write an ekphrastic piece on {scene}
@ expert moderate
!write a {strict} about {theme}, with {technique} and no adjectives in the closing lines
!write a passage of free indirect discourse in which {character} suppresses the fact that {premise}
!compose a {strict} whose volta turns from {scene} to {theme}
!write a metafictional vignette, focalised through {character}, that foregrounds {technique}
!write a {strict} that parodies {genre} conventions by means of {technique}
@ expert complex
!write a {strict} on {theme} followed by a prose gloss that misreads it // Sustain {technique} throughout, keep the diction Latinate in the gloss only, and let {object} migrate from tenor to vehicle.
!write a polyphonic story of {length} with three focalisers, among them {character} // Withhold that {premise}, realise the reveal through {technique} alone, and set the coda in {setting}.
!draft a {strict} and a variant in blank verse, both on {scene} // Vary the caesura deliberately and make {technique} audible in the variant.
@ vague
!write something {nice|good|short|about it|new|with feeling|for me|different}
!make {it} more {poetic|dramatic|fun|creative|like a story|colourful}
give me {some words|a text|something to read|lines} for {the thing|later|you know who|the card}.
!come up with something {creative|wild|sweet|unexpected|for tomorrow}
I need a {text|story or so|poem maybe|nice ending}, whatever you think.
!continue {it}
!do the story thing {again|like before|but better}
@ short
poem? | a haiku | story time | rhyme please | once upon a time | sing something | another verse | a limerick | plot idea? | ode | slogan? | write a tale | more drama | song lyrics | one more stanza | fairy tale | a sonnet | surprise ending | sci-fi story | punchline? | fan fiction | a ballad | pen name?

= hero
a dragon who is afraid of fire | a tiny robot | a pirate cat | a brave snail | a princess with a toolbox | a talking pancake | two lost socks | a sleepy dinosaur | an invisible dog | a snowman on holiday | a mouse astronaut | the smallest giant | a grumpy unicorn | a cloud named Bob | a penguin detective | a shy monster under the bed | a flying hamster | a witch without a broom | a football that can talk | a baby whale | the moon's little sister | a knight made of cheese | a bear who bakes | a hedgehog princess | an owl who cannot sleep | a magic pencil | three clever goats | a lonely tractor
= small_thing
my red boots | a broken crayon | spaghetti | my wobbly tooth | rain puddles | a jar of buttons | Monday mornings | my cat's nose | a yellow bus | bubbles | my night light | broccoli | a paper boat | snow | my grandma's glasses | a lost mitten | jelly | the school bell | a big balloon | mud
= hero_does
opens a bakery | learns to swim | wants to go to school | finds a treasure map | builds a rocket from boxes | saves the zoo | loses its voice | makes a new friend | wins a race by mistake | cannot stop sneezing | meets a ghost | hides a secret egg | paints the town blue | travels to the moon
= place_fun
the candy forest | an upside-down castle | the bottom of the sea | a library at night | the land of lost toys | a volcano full of soup | outer space | a treehouse city | the jungle | my school | a haunted ice cream shop | a cave of mirrors
= twist_fun
everything turns into jelly | the clock runs backwards | a giant sneezes | nobody can remember their name | it starts to snow feathers | the map eats itself | all the animals can talk | the king turns out to be a goat | the lights go out | they shrink to the size of peas
= tiny_form
haiku | limerick | four-line poem | couplet | birthday verse | two-sentence story | rhyme | nursery rhyme | toast | motto
= form
poem | short story | ballad | fable | love letter | speech | fairy tale | monologue | sketch | myth | ghost story | children's story | song | folk tale
= theme
leaving home | a friendship that faded | the first snow | forgiveness | a night shift | growing old | waiting for a letter | jealousy between brothers | the sea in winter | an unexpected inheritance | missing a train | moving house | silence | a garden nobody visits | homesickness | learning to lie | a stolen recipe | the last day of summer | losing a bet | hunger | courage in small things | a borrowed coat | insomnia | old photographs | second chances | doubt | a summer without rain | the smell of bread | an empty chair | keeping a promise | being the new kid | unspoken love | grief | luck | neighbours who never speak | pride | a long drive at night | gossip | the colour green
= occasion
my parents' anniversary | a farewell party | a colleague's retirement | my sister's wedding | the end of term | a housewarming | our village fair | a christening | New Year's Eve | a goodbye dinner | the opening of a bookshop | a team away day | an engagement party | a memorial service | a graduation
= brand
a bakery that opens at midnight | a bicycle repair van | our school radio | a tea for tired people | a cat café | a hiking app | a second-hand bookshop | a dog-walking service | a chilli sauce | my pottery stall | a ferry company | an umbrella rental | a plant nursery
= character
a retired spy | a lighthouse keeper | an apprentice baker | a piano tuner who is going deaf | a nervous time traveller | the last projectionist in town | a night nurse | a ghost who hates noise | a chess prodigy | a disgraced magician | a taxi driver with a secret | the mayor's twin | an old cartographer | a smuggler with a conscience | a beekeeper in exile | a robot gardener | a failed poet | a border guard | an opera understudy | a grandmother who gambles | a deep-sea diver | a forger of paintings | the village gravedigger | a runaway heiress | an honest thief | a translator of dead languages | a stage prompter | a weather forecaster who is always wrong
= object
a broken compass | a letter without a stamp | a red umbrella | the wrong suitcase | a silver thimble | a map with one street missing | a key that fits nothing | an unpaid bill | a glass eye | a cracked teapot | a train ticket from 1943 | a jar of sand | a music box | the only umbrella in town | a faded tattoo | a half-eaten apple | a postcard from nowhere | a borrowed violin | an unfinished scarf | a lottery ticket | a blue door | a dead man's watch | a paper crown
= premise
nobody can tell a lie for a day | two strangers share one memory | the town's clock stops and no one notices | a letter arrives forty years late | the dead vote | rain becomes a currency | a house remembers its tenants | music is forbidden | every mirror shows tomorrow | a child is elected mayor | the last bookshop refuses to close | all dogs leave the city overnight | someone sells their shadow | a bridge appears where there was none | the moon is put up for sale | a forgery turns out to be the original | the narrator has been dead all along | sleep has become a luxury | a village votes to forget its war
= scene
an empty playground at dawn | a harbour in fog | a kitchen after a party | a lit window across the street | snow on a railway track | a bus stop at midnight | a market closing down | an old man feeding crows | the last row of a cinema | a flooded cellar | a wheat field before a storm | a laundrette on Sunday | two cups on a table | a rooftop in August | an abandoned fairground | a child asleep on a train | rain on a tin roof | a dog waiting at a gate
= setting
a motel in the desert | a submarine | a village without roads | an airport during a strike | Venice in the year 2150 | a mountain monastery | a night market | an abandoned mine | a radio station | a house on stilts | a travelling circus | the archive of a newspaper | a greenhouse in winter | a ferry that never lands | a courtroom | an island off the map | the back room of a pawnshop | a hospital at night
= tone
bittersweet | dark | playful | melancholy | hopeful | absurd | tender | eerie | ironic | warm | bleak | whimsical | restrained | suspenseful
= genre
science fiction | noir | gothic horror | western | romance | fantasy | country | magical realism | cyberpunk | cosy mystery | steampunk | punk rock | satire | spy thriller | folk | dystopian
= length
300 words | a single page | 800 words | two pages | 1,200 words | 500 words | ninety lines
= device
dramatic irony | an extended metaphor | internal rhyme | foreshadowing | repetition | alliteration | a flashback | personification | an unreliable narrator | parallel sentences | sensory detail
= verse
sonnet | free verse poem | ballad in quatrains | prose poem | ode | elegy | dramatic monologue | pantoum | haiku sequence
= strict
sestina | villanelle | Petrarchan sonnet | ghazal | terza rima sequence | Sapphic ode | crown of sonnets | double acrostic | Spenserian stanza | curtal sonnet
= technique
anaphora | enjambment | syllepsis | hypotaxis | metonymic displacement | defamiliarisation | a mise en abyme | slant rhyme | anagnorisis | zeugma | prolepsis | parataxis
)grammar";

} // namespace intents::grammar_text
