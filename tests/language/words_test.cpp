#include "language/words.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <optexplore/error.hpp>
#include <optexplore/experiment.hpp>
#include <optexplore/function.hpp>
#include <set>
#include <sstream>

#include "experiment/read.hpp"
#include "language/lexer.hpp"
#include "language/ops.hpp"
#include "language/parser.hpp"
#include "program/build.hpp"
#include "program/derive.hpp"
#include "program/graph_tools.hpp"
#include "study/step.hpp"
#include "text/utf8.hpp"

using namespace optexplore;
using namespace optexplore::language;

namespace {

using Kind = Word::Kind;
constexpr Kind kinds[] = {Kind::operation, Kind::function, Kind::constant, Kind::name};

template <class Action>
void each_word(Action action) {
  for (const Kind kind : kinds)
    for (const Word& word : words(kind)) action(word);
}

/// The value of an expression without names.
std::vector<double> value(const std::string& text) {
  program::Graph graph;
  const program::NodeId node = program::build(graph, parse_expression(text), {});
  REQUIRE(graph.is_constant(node));
  std::vector<double> values;
  for (std::uint32_t i = 0; i < graph.shape(node).size(); ++i) values.push_back(graph.constant_element(node, i));
  return values;
}

/// Names of the arguments of a form: {"a", "b"} of "hypot(a, b)" and of "a + b".
std::vector<std::string> arguments_of(const Word& word) {
  std::vector<std::string> names;
  for (const Partial& partial : word.derivative)
    if (!partial.argument.empty()) names.emplace_back(partial.argument);
  return names;
}

}  // namespace

TEST_CASE("every operation and function of the language has a word that explains it") {
  for (int i = 0; i <= static_cast<int>(Op::where); ++i) {
    const OpInfo& row = info(static_cast<Op>(i));
    if (!is_elementwise(row.op)) continue;
    INFO(row.name, " ", row.symbol);
    if (!row.name.empty() && !operator_only(row.op)) {
      const Word* word = find_word(Kind::function, row.name);
      REQUIRE(word != nullptr);
      CHECK(find_form(*word, static_cast<std::size_t>(row.arity)) != nullptr);
    }
    std::string symbol(row.symbol);
    std::erase(symbol, ' ');
    if (!symbol.empty()) CHECK(find_word(Kind::operation, symbol) != nullptr);
  }
}

TEST_CASE("every word has forms, a title and an example; no two of a kind have one name") {
  std::set<std::pair<int, std::string>> seen;
  each_word([&](const Word& word) {
    INFO(word.name);
    CHECK(seen.emplace(static_cast<int>(word.kind), word.name).second);
    CHECK(word.forms[0].text.find(word.name == "[]" ? "[" : word.name) != std::string_view::npos);
    CHECK(!word.title.empty());
    CHECK(!word.example.empty());
    if (word.kind == Kind::function)
      for (const Form& form : word.forms)
        if (!form.text.empty()) CHECK(form.text.starts_with(std::string(word.name) + "("));
  });
}

TEST_CASE("an example uses its word, and is a value or a line of a rule") {
  each_word([&](const Word& word) {
    INFO(word.name);
    const std::string example(word.example);
    CHECK(example.find(word.name == "[]" ? "[" : word.name) != std::string::npos);
    if (word.where == Word::Where::everywhere) {
      CHECK(!value(example).empty());
      return;
    }
    const std::string config =
        R"({"function": "book", "optimizers": [{"params": {"lr": 0.1}, "update": ["x = x - lr*g", ")" + example +
        R"("]}]})";
    const Experiment experiment = read_experiment(config, "config");
    CHECK_NOTHROW(study::Step(experiment.functions[0], experiment.optimizers[0], {}));
  });
}

TEST_CASE("values of examples") {
  const auto of = [](Kind kind, const char* name) { return value(std::string(find_word(kind, name)->example)); };
  using Values = std::vector<double>;
  CHECK(of(Kind::function, "clip") == Values{5});
  CHECK(of(Kind::function, "where") == Values{10});
  CHECK(of(Kind::function, "mod") == Values{2});
  CHECK(of(Kind::function, "round") == Values{2});
  CHECK(of(Kind::function, "sum") == Values{30});
  CHECK(of(Kind::function, "prod") == Values{120});
  CHECK(of(Kind::function, "range") == Values{2, 3, 4, 5});
  CHECK(of(Kind::function, "dot") == Values{32});
  CHECK(of(Kind::function, "norm1") == Values{6});
  CHECK(of(Kind::function, "logaddexp") == Values{1000 + std::log(2)});
  CHECK(of(Kind::operation, "^") == Values{1024});
  CHECK(of(Kind::operation, "[]") == Values{6});
  CHECK(of(Kind::operation, "==") == Values{0});
  CHECK(of(Kind::operation, "not") == Values{1});
}

TEST_CASE("the derivatives that words state are those of the language") {
  const double points[][3] = {{0.3, 0.7, 0.45}, {0.9, 0.2, 0.6}, {0.55, 0.4, 0.8}};
  std::size_t checked = 0;
  each_word([&](const Word& word) {
    if (word.derivative[0].argument.empty()) return;
    const std::vector<std::string> names = arguments_of(word);
    const bool vectors = word.forms[0].shapes == Shapes::whole;
    for (const auto& point : points) {
      program::Graph graph;
      program::Scope scope;
      std::vector<program::NodeId> args;
      for (std::size_t k = 0; k < names.size(); ++k) {
        args.push_back(vectors ? graph.input({3}) : graph.input({}));
        scope.set(names[k], args[k]);
      }
      const std::string form(word.forms[0].text);
      const program::NodeId f = program::build(graph, parse_expression(form), scope);
      test::Values<double> numbers;
      for (std::size_t k = 0; k < args.size(); ++k)
        numbers[args[k]] = vectors ? std::vector{point[k], point[(k + 1) % 3], -0.1} : std::vector{point[k]};
      for (std::size_t k = 0; k < args.size(); ++k) {
        INFO(form, " in ", names[k]);
        const program::NodeId stated =
            program::build(graph, parse_expression(std::string(word.derivative[k].value)), scope);
        const std::vector<double> wanted =
            test::interpret<double>(graph, program::gradient(graph, f, args[k]), numbers);
        const std::vector<double> found = test::interpret<double>(graph, stated, numbers);
        for (std::size_t i = 0; i < wanted.size(); ++i) {
          CHECK(found[found.size() == 1 ? 0 : i] == doctest::Approx(wanted[i]).epsilon(1e-12));
          ++checked;
        }
      }
    }
  });
  CHECK(checked > 150);
}

TEST_CASE("hard places are as words say") {
  const auto slope = [](const char* text, const std::vector<double>& x) {
    return Function::parse(text, x.size()).gradient(x);
  };
  using Values = std::vector<double>;
  constexpr double inf = std::numeric_limits<double>::infinity();
  CHECK(slope("f(x) = abs(x)", {0}) == Values{0});
  CHECK(slope("f(x) = sign(x)", {0}) == Values{0});
  CHECK(slope("f(x) = sqrt(x)", {0}) == Values{inf});
  CHECK(slope("f(x) = sqrt(x^4)", {0}) == Values{0});
  CHECK(slope("f(x) = sqrt(abs(x))", {0}) == Values{0});
  CHECK(slope("f(x) = cbrt(x)", {0}) == Values{inf});
  CHECK(slope("f(x) = cbrt(x)^3", {0}) == Values{1});
  CHECK(slope("f(x) = asin(x)", {1}) == Values{inf});
  CHECK(slope("f(x) = acos(x)", {-1}) == Values{-inf});
  CHECK(slope("f(x,y) = atan2(y, x)", {0, 0}) == Values{0, 0});
  CHECK(slope("f(x) = relu(x)", {0}) == Values{0});
  CHECK(slope("f(x) = max(x, 0)", {0}) == Values{0.5});
  CHECK(slope("f(x) = floor(x) + ceil(x) + round(x/2)", {1}) == Values{0});
  CHECK(slope("f(x,y) = mod(x, y)", {4, 2}) == Values{1, -2});
  CHECK(slope("f(x,y) = hypot(x, y)", {0, 0}) == Values{0, 0});
  CHECK(slope("f(x[n]) = norm(x)", {0, 0}) == Values{0, 0});
  CHECK(slope("f(x[n]) = norm1(x)", {0, 3}) == Values{0, 1});
  CHECK(slope("f(x[n]) = norminf(x)", {-2, 2}) == Values{-0.5, 0.5});
  CHECK(slope("f(x[n]) = norminf(x)", {0, 0}) == Values{0, 0});
  CHECK(slope("f(x[n]) = prod(x)", {0, 3}) == Values{3, 0});
  CHECK(slope("f(x) = clip(x, 0, 1)", {1}) == Values{1});
  CHECK(slope("f(x) = where(x > 0, log(x), 2*x)", {-1}) == Values{2});
  CHECK(slope("f(x,y) = x^y", {0, 0}) == Values{0, 0});
}

TEST_CASE("other spellings mean the word, and none that the language reads is left out") {
  each_word([](const Word& word) {
    for (const std::string& spelling : split(word.spellings)) {
      if (word.name == "[]" || spelling == "⁻") continue;  // parts: no word by themselves
      INFO(word.name, " ", spelling);
      const std::vector<Token> tokens = tokenize(spelling);
      CHECK((tokens[0].text == word.name || (tokens[0].text == "√" && word.name == "sqrt")));
    }
  });
  std::size_t read = 0;
  for (char32_t point = 0x21; point < 0x2300; ++point) {
    std::string text;
    if (point < 0x80)
      text = {static_cast<char>(point)};
    else if (point < 0x800)
      text = {static_cast<char>(0xC0 | (point >> 6)), static_cast<char>(0x80 | (point & 0x3F))};
    else
      text = {static_cast<char>(0xE0 | (point >> 12)), static_cast<char>(0x80 | ((point >> 6) & 0x3F)),
              static_cast<char>(0x80 | (point & 0x3F))};
    std::vector<Token> tokens;
    try {
      tokens = tokenize(text);
    } catch (const InputError&) {
      if (text != "⁻") continue;  // no number by itself
    }
    const bool symbol = text == "⁻" || tokens[0].kind == Token::Kind::symbol || tokens[0].text != text;
    if (!symbol || tokens.size() == 1 || text == "(" || text == ")" || text == "," || text == ";") continue;
    INFO(text);
    bool found = false;
    each_word([&](const Word& word) {
      const std::vector<std::string> spellings = split(word.spellings);
      found = found || word.name == text || std::ranges::find(spellings, text) != spellings.end();
    });
    CHECK(found);
    ++read;
  }
  CHECK(read > 30);
}

TEST_CASE("a foreign name is no word, and belongs to one word") {
  std::set<std::string> seen;
  each_word([&](const Word& word) {
    for (const std::string& name : split(word.foreign)) {
      INFO(name);
      CHECK(seen.insert(name).second);
      for (const Kind kind : kinds) CHECK(find_word(kind, name) == nullptr);
      CHECK(find_foreign(name) == &word);
    }
  });
}

TEST_CASE("arguments are counted by the forms") {
  const auto& find = [](const char* name) -> const Word& { return *find_word(Kind::function, name); };
  CHECK(usage(find("sin")) == "1 argument (x)");
  CHECK(usage(find("sum")) == "1 argument (v) or 2 (v, dim) or 4 (k, first, last, expression)");
  CHECK(usage(find("min")) == "1 argument (v) or at least 2 (a, b, …)");
  CHECK(usage(find("hess")) == "no arguments");
  CHECK(find_form(find("min"), 0) == nullptr);
  CHECK(find_form(find("min"), 1)->shapes == Shapes::whole);
  CHECK(find_form(find("min"), 7)->shapes == Shapes::elementwise);
  CHECK(find_form(find("sum"), 3) == nullptr);
}

TEST_CASE("README's page of the language names every word") {
  std::ifstream file(std::string(OPTEXPLORE_TEST_DATA) + "/../README.md");
  std::stringstream whole;
  whole << file.rdbuf();
  std::string text = whole.str();
  text = text.substr(text.find("## The language on one screen"));
  text = text.substr(0, text.find("\n## Add something"));
  REQUIRE(text.size() > 1000);
  const auto letter = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
  each_word([&](const Word& word) {
    const std::string name(word.name == "[]" ? "x[1]" : word.name);
    bool found = false;
    for (std::size_t at = text.find(name); at != std::string::npos && !found; at = text.find(name, at + 1))
      found = !letter(name[0]) || (!letter(text[at - 1]) && !letter(text[at + name.size()]));
    CHECK_MESSAGE(found, name);
  });
}
