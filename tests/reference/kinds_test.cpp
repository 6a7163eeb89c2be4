#include "reference/kinds.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optexplore/catalog.hpp>
#include <optexplore/error.hpp>
#include <set>

#include "language/words.hpp"
#include "text/utf8.hpp"

using namespace optexplore;
using namespace optexplore::reference;
using nlohmann::json;

namespace {

json object(const std::string& kind, const std::string& name) {
  for (const Card& card : describe(name))
    if (card.kind == kind) return json::parse(to_json(card));
  FAIL("no ", kind, " ", name);
  return {};
}

std::string failure(const std::string& name) {
  try {
    describe(name);
  } catch (const InputError& error) {
    return error.message();
  }
  return "";
}

std::set<std::string> properties(const json& object) {
  std::set<std::string> keys;
  for (const auto& [key, value] : object.items()) keys.insert(key);
  return keys;
}

}  // namespace

TEST_CASE("everything that is listed is described, in JSON that says its kind, name and title") {
  for (const Kind& kind : kinds()) {
    const std::vector<Entry> entries = kind.entries();
    CHECK(!entries.empty());
    for (const Entry& entry : entries) {
      INFO(kind.name, " ", entry.name);
      const Card card = kind.card(entry.name);
      const json parsed = json::parse(to_json(card));
      CHECK(parsed["kind"] == kind.name);
      CHECK(parsed["name"] == entry.name);
      CHECK(!parsed["title"].get<std::string>().empty());
      CHECK(entry.title.starts_with(parsed["title"].get<std::string>()));
      CHECK(to_text(card, 80).starts_with(entry.name + " ("));
    }
  }
}

TEST_CASE("every name and alias finds its card") {
  for (const Kind& kind : kinds())
    for (const std::string& name : kind.names()) {
      INFO(kind.name, " ", name);
      const std::vector<Card> cards = describe(name);
      CHECK(std::ranges::any_of(cards, [&kind](const Card& card) { return card.kind == kind.name; }));
    }
}

TEST_CASE("cards of one kind have the same keys, but for what few have") {
  const std::set<std::string> some = {"gradient",   "note",          "minimum_formula", "minimizer_formulas",
                                      "derivative", "example_value", "example"};
  for (const Kind& kind : kinds()) {
    std::set<std::string> first;
    for (const Entry& entry : kind.entries()) {
      INFO(kind.name, " ", entry.name);
      std::set<std::string> keys = properties(json::parse(to_json(kind.card(entry.name))));
      for (const std::string& key : some) keys.erase(key);
      if (first.empty()) first = keys;
      CHECK(keys == first);
    }
  }
}

TEST_CASE("a function's points are those of its default dimension") {
  std::size_t known = 0;
  for (const std::string& name : catalog::function_names()) {
    INFO(name);
    const json function = object("function", name);
    const std::size_t dim = function["dim"];
    CHECK(function["domain"].size() == dim);
    CHECK(function["start"].size() == dim);
    for (const json& point : function["minimizers"]) CHECK(point.size() == dim);
    if (!function["minimum"].is_null()) ++known;
  }
  CHECK(known > 200);
  const json trid = object("function", "trid");
  CHECK(trid["minimum"] == -50);
  CHECK(trid["minimum_formula"] == "-n*(n + 4)*(n - 1)/6");
  CHECK(trid["any_dim"] == true);
  CHECK(object("function", "ackley")["name"] == "ackley01");
  CHECK(object("function", "ackley")["params"]["a"] == 20);
  CHECK(object("function", "book")["gradient"]["y"] == "2*y");
  CHECK(object("function", "book")["any_dim"] == false);
}

TEST_CASE("a rule holds what its file does") {
  for (const std::string& name : catalog::rule_names()) {
    INFO(name);
    const json rule = object("rule", name);
    const json file = json::parse(catalog::rule_text(name));
    for (const char* key : {"name", "title", "update", "note", "reference"}) CHECK(rule[key] == file[key]);
    for (const char* key : {"params", "state", "choices"})
      CHECK(properties(rule[key]) == properties(file.value(key, json::object())));
  }
  const json rmsprop = object("rule", "rmsprop");
  CHECK(rmsprop["params"] == json::parse(R"({"lr":0.01,"rho":0.99,"eps":1e-8,"momentum":0,"centered":0})"));
  CHECK(rmsprop["dialects"][0] == "rmsprop.dlfs");
  CHECK(object("rule", "a2grad")["state"]["y"] == "x");
  CHECK(object("rule", "a2grad")["choices"]["variant"][2] == "exp");
}

TEST_CASE("a schedule's requirements are for people and programs") {
  const json cyclic = object("schedule", "cyclic");
  CHECK(cyclic["require"] == json::parse(R"(["up > 0", "down >= 0"])"));
  CHECK(cyclic["params"] == json::parse(R"({"base_lr":null,"max_lr":null,"up":null,"down":"up"})"));
  CHECK(to_text(describe("cyclic")[0], 80).find("  requirements     up > 0, down >= 0\n") != std::string::npos);
}

TEST_CASE("a name that several things have describes all of them") {
  const std::vector<Card> cards = describe("f");
  REQUIRE(cards.size() == 2);
  CHECK(cards[0].kind == "column");
  CHECK(cards[1].kind == "builtin");
  CHECK(describe("t").size() == 2);
}

TEST_CASE("other spellings, patterns of columns and definitions are described") {
  CHECK(describe("²")[0].name == "^");
  CHECK(describe("√")[0].name == "sqrt");
  CHECK(describe("state.m")[0].name == "state.NAME");
  CHECK(describe("hp.lr")[0].name == "hp.NAME");
  CHECK(describe("g.x")[0].name == "g");
  CHECK(
      to_text(describe("f(x,y) = sin(x)*y^2")[0], 80) ==
      "f (function)\n  definition\n    f(x,y) = sin(x)*y^2\n  gradient\n    d/dx = cos(x)*y^2\n    d/dy = 2*y*sin(x)\n"
      "  dimension        2\n");
  CHECK(object("function", "f(x[n]) = sum(x)")["dim"].is_null());
}

TEST_CASE("an unknown name names the nearest thing of all kinds") {
  CHECK(failure("adma") == "nothing has the name 'adma'; did you mean 'adam'?");
  CHECK(failure("rosenbrok") == "nothing has the name 'rosenbrok'; did you mean 'rosenbrock'?");
  CHECK(failure("cosine_decey") == "nothing has the name 'cosine_decey'; did you mean 'cosine_decay'?");
  CHECK(failure("lambda_mxa") == "nothing has the name 'lambda_mxa'; did you mean 'lambda_max'?");
  CHECK(failure("softpuls") == "nothing has the name 'softpuls'; did you mean 'softplus'?");
  CHECK(failure("sin(x)") == "nothing has the name 'sin(x)'; did you mean 'sin'?");
  CHECK(failure("adam:lr=1") == "nothing has the name 'adam:lr=1'; did you mean 'adam'?");
  CHECK(failure("torch.optim.Adam") == "nothing has the name 'torch.optim.Adam'; did you mean 'adam'?");
  CHECK(failure("adam.troch") == "nothing has the name 'adam.troch'; did you mean 'adam'?");
  CHECK(failure("ln") == "nothing has the name 'ln'; it is called 'log' here");
  CHECK(failure("&&") == "nothing has the name '&&'; it is called 'and' here");
  CHECK(failure("weight_decya") == "nothing has the name 'weight_decya'; did you mean 'weight_decay'?");
  CHECK(failure("beta1").starts_with("nothing has the name 'beta1'; it is a hyperparameter of "));
  CHECK(failure("convex").starts_with("nothing has the name 'convex'; 'optexplore list --search convex' finds it in "));
  CHECK(failure("xyzzy") == "nothing has the name 'xyzzy'; 'optexplore list' shows all names");
  CHECK(failure("") == "nothing has the name ''; 'optexplore list' shows all names");
}

TEST_CASE("kinds go by their names, rules by two, the language by one for all of its kinds") {
  REQUIRE(find_kinds("rules").size() == 1);
  CHECK(find_kinds("rules")[0] == find_kinds("optimizers")[0]);
  CHECK(find_kinds("language").size() == 4);
  CHECK(find_kinds("").empty());
  CHECK(find_kinds("function").empty());
}

TEST_CASE("a narrow page stays narrow, formulas and single words aside") {
  for (const char* name : {"clip", "^", "adam", "one_cycle", "angle", "rosenbrock"})
    for (const Card& card : describe(name)) {
      Card prose = card;
      std::erase_if(prose.properties,
                    [](const Property& property) { return property.layout == Property::Layout::lines; });
      const std::string text = to_text(prose, 50);
      for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = text.find('\n', begin);
        const std::string line = text.substr(begin, end - begin);
        INFO(line);
        const bool single = line.find(' ', line.find_first_not_of(' ', 19)) == std::string::npos;
        CHECK((single || text::display_width(line) <= 50));
        begin = end + 1;
      }
    }
}

TEST_CASE("the table of descriptions has a row per property, and per line of formulas") {
  const Table table = to_table(describe("sgd"));
  const auto cell = [&table](std::size_t row, std::size_t column) {
    return table.schema.columns[column].labels[static_cast<std::size_t>(table.numbers[row * 4 + column])];
  };
  CHECK(cell(0, 0) == "rule");
  CHECK(cell(0, 2) == "title");
  CHECK(cell(0, 3) == "Gradient descent");
  CHECK(cell(1, 2) == "update");
  CHECK(cell(1, 3) == "x = x - lr*g");
}
