#include "phrases.hpp"
#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

namespace ielts {
namespace {
template <std::size_t N> consteval std::array<phrase, N> sorted(std::array<phrase, N> table) {
    std::ranges::sort(table, [](phrase const& a, phrase const& b) { return a.first() != b.first() ? a.first() < b.first() : a.wrong.size() > b.wrong.size(); });      // the longer phrase first
    return table;
}

constexpr auto spelling_entries = sorted(std::to_array<phrase>({
    {"accomodation", "accommodation"}, {"acheive", "achieve"}, {"achive", "achieve"}, {"acquaintence", "acquaintance"}, {"adress", "address"},
    {"advertisment", "advertisement"}, {"advertisments", "advertisements"}, {"agressive", "aggressive"}, {"alot", "a lot"}, {"althought", "although"},
    {"amoung", "among"}, {"anual", "annual"}, {"appartment", "apartment"}, {"arguement", "argument"}, {"arguements", "arguments"},
    {"attension", "attention"}, {"availble", "available"}, {"becasue", "because"}, {"becouse", "because"}, {"becuase", "because"},
    {"beacuse", "because"}, {"beautifull", "beautiful"}, {"begining", "beginning"}, {"behavier", "behaviour"}, {"beleive", "believe"},
    {"belive", "believe"}, {"benifit", "benefit"}, {"benifits", "benefits"}, {"benefical", "beneficial"}, {"benificial", "beneficial"},
    {"buisness", "business"}, {"bussiness", "business"}, {"carrer", "career"}, {"carreer", "career"}, {"childrens", "children"},
    {"chidren", "children"}, {"childern", "children"}, {"comunity", "community"}, {"communicaton", "communication"}, {"comfortible", "comfortable"},
    {"commited", "committed"}, {"compair", "compare"}, {"competive", "competitive"}, {"concious", "conscious"}, {"conection", "connection"},
    {"consequense", "consequence"}, {"controll", "control"}, {"convinient", "convenient"}, {"convienient", "convenient"}, {"crutial", "crucial"},
    {"critisism", "criticism"}, {"curiculum", "curriculum"}, {"definately", "definitely"}, {"definetly", "definitely"}, {"definitly", "definitely"},
    {"developement", "development"}, {"devolopment", "development"}, {"diffrent", "different"}, {"diferent", "different"}, {"dificult", "difficult"},
    {"difficulity", "difficulty"}, {"dilema", "dilemma"}, {"disapear", "disappear"}, {"disadvanatges", "disadvantages"}, {"discription", "description"},
    {"disscuss", "discuss"}, {"effecient", "efficient"}, {"embarass", "embarrass"}, {"emmigrate", "emigrate"}, {"enviorment", "environment"},
    {"enviroment", "environment"}, {"environmet", "environment"}, {"enviromental", "environmental"}, {"envirnment", "environment"},
    {"essencial", "essential"}, {"especialy", "especially"}, {"eventhough", "even though"}, {"everytime", "every time"}, {"excercise", "exercise"},
    {"excersice", "exercise"}, {"exellent", "excellent"}, {"existance", "existence"}, {"expecially", "especially"}, {"expences", "expenses"},
    {"experiance", "experience"}, {"explaination", "explanation"}, {"extremly", "extremely"}, {"familar", "familiar"}, {"finaly", "finally"},
    {"financialy", "financially"}, {"foriegn", "foreign"}, {"foreing", "foreign"}, {"freind", "friend"}, {"freinds", "friends"}, {"fullfill", "fulfil"},
    {"futhermore", "furthermore"}, {"furthermor", "furthermore"}, {"goverment", "government"}, {"goverments", "governments"},
    {"governement", "government"}, {"goverment's", "government's"}, {"govenment", "government"}, {"govermental", "governmental"},
    {"gradualy", "gradually"}, {"grammer", "grammar"}, {"garantee", "guarantee"}, {"guarentee", "guarantee"}, {"harmfull", "harmful"},
    {"happend", "happened"}, {"helpfull", "helpful"}, {"highschool", "high school"}, {"hapiness", "happiness"}, {"happyness", "happiness"},
    {"howerver", "however"}, {"howver", "however"}, {"immediatly", "immediately"}, {"importent", "important"}, {"improvment", "improvement"},
    {"inconvinient", "inconvenient"}, {"increse", "increase"}, {"independant", "independent"}, {"individuls", "individuals"}, {"infact", "in fact"},
    {"inspite", "in spite"}, {"intelligense", "intelligence"}, {"intresting", "interesting"}, {"intrest", "interest"}, {"intrested", "interested"},
    {"knowlege", "knowledge"}, {"knowladge", "knowledge"}, {"knowlegde", "knowledge"}, {"langauge", "language"}, {"lenght", "length"},
    {"liesure", "leisure"}, {"libary", "library"}, {"lonelyness", "loneliness"}, {"maintainance", "maintenance"}, {"maintenence", "maintenance"},
    {"mentaly", "mentally"}, {"morever", "moreover"}, {"moreoever", "moreover"}, {"neccessary", "necessary"}, {"neccesary", "necessary"},
    {"necesary", "necessary"}, {"necessery", "necessary"}, {"negetive", "negative"}, {"noticable", "noticeable"}, {"nowaday", "nowadays"},
    {"nowdays", "nowadays"}, {"now-a-days", "nowadays"}, {"nowadys", "nowadays"}, {"obivous", "obvious"}, {"obvisously", "obviously"},
    {"occassion", "occasion"}, {"occured", "occurred"}, {"occurence", "occurrence"}, {"ocurred", "occurred"}, {"oppertunity", "opportunity"},
    {"oppertunities", "opportunities"}, {"oportunity", "opportunity"}, {"opportunites", "opportunities"}, {"oppinion", "opinion"},
    {"orginal", "original"}, {"outweight", "outweigh"}, {"paralell", "parallel"}, {"particulary", "particularly"}, {"peole", "people"},
    {"poeple", "people"}, {"peaple", "people"}, {"pepole", "people"}, {"perpective", "perspective"}, {"personaly", "personally"}, {"persue", "pursue"},
    {"polution", "pollution"}, {"posible", "possible"}, {"possibilty", "possibility"}, {"posess", "possess"}, {"potencial", "potential"},
    {"prefered", "preferred"}, {"pressence", "presence"}, {"probaly", "probably"}, {"proffesional", "professional"}, {"profesional", "professional"},
    {"proffession", "profession"}, {"publically", "publicly"}, {"pyschological", "psychological"}, {"qualitiy", "quality"}, {"realy", "really"},
    {"recieve", "receive"}, {"recieved", "received"}, {"recieving", "receiving"}, {"recomend", "recommend"}, {"recommand", "recommend"},
    {"reconize", "recognize"}, {"relevent", "relevant"}, {"relevence", "relevance"}, {"religous", "religious"}, {"remeber", "remember"},
    {"resourses", "resources"}, {"responsability", "responsibility"}, {"responsibilty", "responsibility"}, {"responsiblity", "responsibility"},
    {"responsiblities", "responsibilities"}, {"restaurent", "restaurant"}, {"sacrify", "sacrifice"}, {"safty", "safety"}, {"sallary", "salary"},
    {"scedule", "schedule"}, {"sence", "sense"}, {"seperate", "separate"}, {"seperated", "separated"}, {"seperately", "separately"},
    {"severly", "severely"}, {"shool", "school"}, {"similiar", "similar"}, {"sincerly", "sincerely"}, {"socity", "society"}, {"soceity", "society"},
    {"societly", "society"}, {"socialy", "socially"}, {"speach", "speech"}, {"specialy", "specially"}, {"stategy", "strategy"},
    {"strenght", "strength"}, {"strengthes", "strengths"}, {"studing", "studying"}, {"stuying", "studying"}, {"succesful", "successful"},
    {"successfull", "successful"}, {"sucess", "success"}, {"sucessful", "successful"}, {"succes", "success"}, {"suprise", "surprise"},
    {"surpress", "suppress"}, {"surrouding", "surrounding"}, {"techonology", "technology"}, {"tecnology", "technology"}, {"technolgy", "technology"},
    {"techology", "technology"}, {"teenages", "teenagers"}, {"tempory", "temporary"}, {"therefor", "therefore"}, {"therfore", "therefore"},
    {"thier", "their"}, {"thoughout", "throughout"}, {"togather", "together"}, {"togethers", "together"}, {"tommorow", "tomorrow"},
    {"tommorrow", "tomorrow"}, {"tradional", "traditional"}, {"tranportation", "transportation"}, {"truely", "truly"},
    {"unfortunatly", "unfortunately"}, {"unneccessary", "unnecessary"}, {"untill", "until"}, {"usefull", "useful"}, {"usally", "usually"},
    {"usualy", "usually"}, {"vegtables", "vegetables"}, {"vehical", "vehicle"}, {"visable", "visible"}, {"voilence", "violence"}, {"weater", "weather"},
    {"wether", "whether"}, {"wich", "which"}, {"whith", "with"}, {"widly", "widely"}, {"woud", "would"}, {"writting", "writing"}, {"yonger", "younger"},
    {"yougsters", "youngsters"},
}));

constexpr auto agreement_entries = sorted(std::to_array<phrase>({
    {"peoples", "people", "of"}, {"mens", "men"}, {"womens", "women"}, {"informations", "information"}, {"advices", "advice"},
    {"knowledges", "knowledge"}, {"equipments", "equipment"}, {"furnitures", "furniture"}, {"homeworks", "homework"}, {"softwares", "software"},
    {"luggages", "luggage"}, {"feedbacks", "feedback"}, {"traffics", "traffic"}, {"staffs", "staff"}, {"slangs", "slang"}, {"an advice", "advice"},
    {"a knowledge", "knowledge", "of"}, {"an equipment", "equipment"}, {"there is many", "there are many"}, {"there is several", "there are several"},
    {"there is some people", "there are some people"}, {"there is numerous", "there are numerous"}, {"there is various", "there are various"},
    {"there is few", "there are few"}, {"there are a lot of advantage", "there are a lot of advantages"}, {"every people", "every person"},
    {"every students", "every student"}, {"every countries", "every country"}, {"each people", "each person"}, {"each students", "each student"},
    {"much people", "many people"}, {"much problems", "many problems"}, {"much advantages", "many advantages"}, {"many money", "much money"},
    {"many time", "much time"}, {"many informations", "much information"}, {"many knowledge", "much knowledge"},
    {"many information", "much information"}, {"many advantage", "many advantages"}, {"many benefit", "many benefits"}, {"many reason", "many reasons"},
    {"many problem", "many problems"}, {"many country", "many countries"}, {"many way", "many ways"}, {"many thing", "many things"},
    {"many student", "many students"}, {"many child", "many children"}, {"many person", "many people"}, {"many company", "many companies"},
    {"many job", "many jobs", "opportunities seekers applicants"}, {"more better", "better"}, {"more easier", "easier"}, {"more cheaper", "cheaper"},
    {"more happier", "happier"}, {"more healthier", "healthier"}, {"more faster", "faster"}, {"more higher", "higher"}, {"more stronger", "stronger"},
    {"more bigger", "bigger"}, {"more worse", "worse"}, {"more safer", "safer"}, {"more closer", "closer"}, {"more lower", "lower"},
    {"more larger", "larger"}, {"most easiest", "easiest"}, {"most best", "best"}, {"one of the reason", "one of the reasons"},
    {"one of the main reason", "one of the main reasons"}, {"one of the problem", "one of the problems"},
    {"one of the advantage", "one of the advantages"}, {"one of the way", "one of the ways"}, {"one of the factor", "one of the factors"},
    {"one of the benefit", "one of the benefits"}, {"one of the main cause", "one of the main causes"},
    {"one of the main problem", "one of the main problems"}, {"these problem", "these problems"}, {"these day", "these days"},
    {"this days", "these days"}, {"this problems", "these problems"}, {"this people", "these people"}, {"this kids", "these kids"},
    {"this reasons", "these reasons"}, {"this children", "these children"}, {"this things", "these things"}, {"those person", "those people"},
    {"i am agree", "I agree"}, {"i'm agree", "I agree"}, {"i am disagree", "I disagree"}, {"i am believe", "I believe"},
    {"i agreed with", "I agree with"}, {"am strongly agree", "strongly agree"}, {"am totally agree", "totally agree"},
    {"am completely agree", "completely agree"}, {"is depend on", "depends on"}, {"are depend on", "depend on"}, {"it is depend", "it depends"},
}));

constexpr auto subject_verb_entries = sorted(std::to_array<phrase>({
    {"people is", "people are"}, {"people has", "people have"}, {"people was", "people were"}, {"people does", "people do"},
    {"people thinks", "people think"}, {"people believes", "people believe"}, {"people wants", "people want"}, {"people needs", "people need"},
    {"people lives", "people live"}, {"children is", "children are"}, {"children has", "children have"}, {"children was", "children were"},
    {"children needs", "children need"}, {"parents is", "parents are"}, {"parents has", "parents have"}, {"students is", "students are"},
    {"students has", "students have"}, {"they is", "they are"}, {"they has", "they have"}, {"they was", "they were"}, {"they does", "they do"},
    {"we is", "we are"}, {"we has", "we have"}, {"you is", "you are"}, {"he have", "he has"}, {"she have", "she has"}, {"it have", "it has"},
    {"it are", "it is"}, {"he do", "he does"}, {"it do", "it does"}, {"these is", "this is"}, {"this have", "this has"},
    {"many people is", "many people are"},
}));

constexpr auto pattern_entries = sorted(std::to_array<phrase>({
    {"discuss about", "discuss"}, {"discussed about", "discussed"}, {"discussing about", "discussing"}, {"discusses about", "discusses"},
    {"mention about", "mention"}, {"mentioned about", "mentioned"}, {"despite of", "despite"}, {"emphasize on", "emphasize"},
    {"emphasise on", "emphasise"}, {"emphasizes on", "emphasizes"}, {"contribute for", "contribute to"}, {"consist in", "consist of"},
    {"consists in", "consists of"}, {"consists by", "consists of"}, {"comprises of", "comprises"}, {"comprise of", "comprise"},
    {"depend of", "depend on"}, {"depends of", "depends on"}, {"depend to", "depend on"}, {"depends in", "depends on"}, {"suffer of", "suffer from"},
    {"suffering of", "suffering from", "", "the"}, {"deal to", "deal with"}, {"interested on", "interested in"}, {"responsible of", "responsible for"},
    {"according with", "according to"}, {"aware about", "aware of"}, {"aware with", "aware of"}, {"avoid from", "avoid"}, {"prevent to", "prevent"},
    {"cope up with", "cope with"}, {"return back", "return"}, {"revert back", "revert"}, {"repeat again", "repeat"}, {"regardless to", "regardless of"},
    {"regards of", "regardless of"}, {"focus in", "focus on"}, {"focus to", "focus on"}, {"concentrate in", "concentrate on"},
    {"spend time for", "spend time on"}, {"spend money for", "spend money on"}, {"pay attention on", "pay attention to"},
    {"pay attention in", "pay attention to"}, {"pay attention for", "pay attention to"}, {"lead in", "lead to"}, {"result to", "result in"},
    {"access on", "access to"}, {"take care about", "take care of"}, {"take care for", "take care of"}, {"participate to", "participate in"},
    {"participate on", "participate in"}, {"in nowadays", "nowadays"}, {"at nowadays", "nowadays"}, {"in nowadays world", "in today's world"},
    {"nowadays world", "today's world"}, {"nowadays society", "today's society"}, {"explain about", "explain"}, {"married with", "married to"},
    {"different with", "different from"}, {"similar with", "similar to"}, {"compare with to", "compared with"}, {"superior than", "superior to"},
    {"a big amount of", "a large amount of"}, {"amount of people", "number of people"}, {"amount of students", "number of students"},
    {"amount of children", "number of children"}, {"amount of cars", "number of cars"}, {"amount of jobs", "number of jobs"},
    {"less people", "fewer people"}, {"less students", "fewer students"}, {"less children", "fewer children"}, {"less jobs", "fewer jobs"},
    {"less cars", "fewer cars"}, {"less problems", "fewer problems"}, {"the most of", "most of", "", "make making made"},
    {"almost of", "almost all of"}, {"almost people", "most people"}, {"almost students", "almost all students"}, {"would rather to", "would rather"},
    {"had better to", "had better"}, {"let them to", "let them"}, {"make them to", "make them"}, {"makes them to", "makes them"},
    {"make people to", "make people"}, {"makes people to", "makes people"}, {"let people to", "let people"}, {"make us to", "make us"},
    {"makes us to", "makes us"}, {"able of", "able to"}, {"able to can", "able to"}, {"can able to", "can"}, {"can be able to", "can"},
    {"there have many", "there are many"}, {"there has many", "there are many"}, {"get benefit", "benefit"}, {"do a mistake", "make a mistake"},
    {"do mistakes", "make mistakes"}, {"make a research", "do research"}, {"make research", "do research"}, {"do a crime", "commit a crime"},
    {"do crimes", "commit crimes"}, {"make crimes", "commit crimes"}, {"more and more better", "better and better"}, {"the both", "both"},
    {"both of two", "both"}, {"at the age between", "between the ages of"},
    {"in the age of", "at the age of", "technology information the internet globalization digital social"}, {"from my view", "in my view"},
    {"so that is why", "that is why"}, {"the reason is because", "the reason is that"}, {"reason is because", "reason is that"},
}));

constexpr auto linker_entries = sorted(std::to_array<phrase>({
    {"in the other hand", "on the other hand"}, {"on other hand", "on the other hand"}, {"in other hand", "on the other hand"},
    {"at the other hand", "on the other hand"}, {"on the other side", "on the other hand", "of"}, {"by the other hand", "on the other hand"},
    {"on another hand", "on the other hand"}, {"in one hand", "on the one hand"}, {"in the one hand", "on the one hand"},
    {"in contrary", "on the contrary"}, {"in the contrary", "on the contrary"}, {"on contrary", "on the contrary"}, {"by contrary", "on the contrary"},
    {"at contrast", "in contrast"}, {"as conclusion", "in conclusion"}, {"as a conclusion", "in conclusion"}, {"in a conclusion", "in conclusion"},
    {"for conclusion", "in conclusion"}, {"in conclude", "in conclusion"}, {"on conclusion", "in conclusion"}, {"in summarize", "in summary"},
    {"in sum up", "to sum up"}, {"to summary", "in summary"}, {"according to me", "in my opinion"}, {"in my point of view", "from my point of view"},
    {"on my point of view", "from my point of view"}, {"for my point of view", "from my point of view"}, {"in my perspective", "from my perspective"},
    {"as consequence", "as a consequence"}, {"as result", "as a result"}, {"as a results", "as a result"}, {"in a result", "as a result"},
    {"in result", "as a result"}, {"in addition of", "in addition to"}, {"in additional", "in addition"}, {"in addition that", "in addition to that"},
    {"beside that", "besides that"}, {"besides of", "besides"}, {"last but not the least", "last but not least"},
    {"last but no least", "last but not least"}, {"first at all", "first of all"}, {"at first of all", "first of all"}, {"for examples", "for example"},
    {"for instances", "for instance"}, {"by example", "for example"}, {"for the example", "for example"}, {"such as for example", "for example"},
    {"such as for instance", "for instance"}, {"in the nutshell", "in short"}, {"in nutshell", "in short"}, {"in the first hand", "on the one hand"},
    {"regarding to", "regarding"}, {"in term of", "in terms of"}, {"in one side", "on the one hand"}, {"on the one side", "on the one hand"},
    {"in the same time", "at the same time"}, {"on the same time", "at the same time"}, {"at same time", "at the same time"},
    {"by this reason", "for this reason"}, {"due to the fact of", "because of"},
}));

constexpr auto opinion_entries = sorted(std::to_array<phrase>({
    {"according to my opinion", "in my opinion"}, {"on my opinion", "in my opinion"}, {"from my opinion", "in my opinion"},
    {"for my opinion", "in my opinion"}, {"to my opinion", "in my opinion"}, {"by my opinion", "in my opinion"}, {"i my opinion", "in my opinion"},
}));

constexpr auto informal_entries = sorted(std::to_array<phrase>({
    {"don't", "do not"}, {"doesn't", "does not"}, {"didn't", "did not"}, {"can't", "cannot"}, {"won't", "will not"}, {"isn't", "is not"},
    {"aren't", "are not"}, {"wasn't", "was not"}, {"weren't", "were not"}, {"haven't", "have not"}, {"hasn't", "has not"}, {"hadn't", "had not"},
    {"wouldn't", "would not"}, {"couldn't", "could not"}, {"shouldn't", "should not"}, {"mustn't", "must not"}, {"i'm", "I am"}, {"i've", "I have"},
    {"i'll", "I will"}, {"they're", "they are"}, {"they've", "they have"}, {"they'll", "they will"}, {"we're", "we are"}, {"we've", "we have"},
    {"we'll", "we will"}, {"you're", "you are"}, {"you've", "you have"}, {"you'll", "you will"}, {"it'll", "it will"}, {"there're", "there are"},
    {"let's", "let us"}, {"it's a", "it is a"}, {"it's an", "it is an"}, {"it's the", "it is the"}, {"it's not", "it is not"},
    {"it's very", "it is very"}, {"it's also", "it is also"}, {"it's important", "it is important"}, {"it's better", "it is better"},
    {"it's more", "it is more"}, {"it's hard", "it is hard"}, {"it's easy", "it is easy"}, {"it's necessary", "it is necessary"},
    {"it's clear", "it is clear"}, {"it's true", "it is true"}, {"it's just", "it is just"}, {"it's possible", "it is possible"},
    {"it's because", "it is because"}, {"that's why", "that is why"}, {"that's the", "that is the"}, {"that's a", "that is a"},
    {"there's a", "there is a"}, {"there's no", "there is no"}, {"gonna", "going to"}, {"wanna", "want to"}, {"gotta", "have to"}, {"cuz", "because"},
    {"kids", "children"}, {"kid", "child"}, {"guys", "people"}, {"lots of", "a lot of"}, {"mom", "mother"}, {"moms", "mothers"}, {"dad", "father"},
    {"dads", "fathers"}, {"kinda", "rather"}, {"tons of", "a great deal of"}, {"stuff", "things"},
}));

constexpr auto verbs = [] {
    auto table = std::to_array<std::pair<std::string_view, std::string_view>>({
        {"makes", "make"}, {"leads", "lead"}, {"helps", "help"}, {"brings", "bring"}, {"causes", "cause"}, {"gives", "give"}, {"takes", "take"}, {"gets", "get"}, {"provides", "provide"}, {"affects", "affect"}, {"becomes", "become"}, {"improves", "improve"}, {"increases", "increase"}, {"reduces", "reduce"},
        {"creates", "create"}, {"allows", "allow"}, {"learns", "learn"}, {"has", "have"}, {"is", "be"}, {"are", "be"}, {"does", "do"}, {"goes", "go"}, {"comes", "come"}, {"spends", "spend"}, {"uses", "use"}, {"knows", "know"}, {"wants", "want"}, {"keeps", "keep"}, {"solves", "solve"}, {"encourages", "encourage"}, {"enables", "enable"}, {"develops", "develop"}, {"understands", "understand"},
        {"happens", "happen"}, {"gains", "gain"}, {"saves", "save"}, {"works", "work"}, {"lives", "live"}, {"finds", "find"}, {"thinks", "think"}, {"feels", "feel"}, {"shows", "show"}, {"follows", "follow"}, {"continues", "continue"}, {"remains", "remain"}, {"protects", "protect"}, {"prevents", "prevent"}, {"supports", "support"}, {"teaches", "teach"}, {"pays", "pay"}, {"buys", "buy"},
        {"made", "make"}, {"gave", "give"}, {"took", "take"}, {"got", "get"}, {"became", "become"}, {"went", "go"}, {"came", "come"}, {"brought", "bring"}, {"helped", "help"}, {"led", "lead"}, {"was", "be"}, {"were", "be"}, {"had", "have"},
        {"making", "make"}, {"giving", "give"}, {"getting", "get"}, {"taking", "take"}, {"having", "have"}, {"being", "be"}, {"helping", "help"}, {"becoming", "become"}, {"causing", "cause"}, {"leading", "lead"}, {"doing", "do"}, {"going", "go"},
    });
    std::ranges::sort(table);
    return table;
}();
} // namespace

namespace phrases {
constexpr phrase_table spelling{spelling_entries}, agreement{agreement_entries}, subject_verb{subject_verb_entries}, pattern{pattern_entries}, linker{linker_entries}, opinion{opinion_entries}, informal{informal_entries};
}

std::string_view bare_verb(std::string_view word) {
    auto const found = std::ranges::lower_bound(verbs, word, {}, &std::pair<std::string_view, std::string_view>::first);
    return found != verbs.end() && found->first == word ? found->second : std::string_view();
}

} // namespace ielts
