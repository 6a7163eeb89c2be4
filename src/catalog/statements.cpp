#include "catalog/statements.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "catalog/entries.hpp"
#include "language/ast.hpp"
#include "language/print.hpp"

namespace optexplore::catalog {
namespace {

constexpr std::uint32_t default_at_most = 1000;

class Reader {
 public:
  std::vector<Statement> list(const json::Cursor& cursor) {
    std::vector<Statement> result;
    for (const json::Cursor& line : cursor.elements())
      result.push_back(line.is_object() ? object(line) : Statement(read_text<AssignmentText>(line)));
    return result;
  }

 private:
  Statement object(const json::Cursor& cursor) {
    if (++depth_ > max_statement_depth)
      cursor.fail("more than " + std::to_string(max_statement_depth) + " conditions and loops in one another");
    Statement result = cursor.has("if")      ? branch(cursor)
                       : cursor.has("while") ? loop(cursor)
                       : cursor.has("for")   ? count(cursor)
                                             : unknown(cursor);
    --depth_;
    return result;
  }

  [[noreturn]] static Statement unknown(const json::Cursor& cursor) {
    cursor.check_keys({"if", "then", "else", "while", "do", "at_most", "for"});
    cursor.fail(R"(expected {"if": …, "then": […]}, {"while": …, "do": […]} or {"for": "k = 1:n", "do": […]})");
  }

  Statement branch(const json::Cursor& cursor) {
    cursor.check_keys({"if", "then", "else"});
    Statement::If result{read_text<Formula>(cursor.member("if")), body(cursor, "then"), {}};
    if (cursor.has("else")) result.otherwise = body(cursor, "else");
    return result;
  }

  Statement loop(const json::Cursor& cursor) {
    cursor.check_keys({"while", "do", "at_most", "else"});
    Statement::While result{read_text<Formula>(cursor.member("while")), body(cursor, "do"), default_at_most, {}};
    if (const auto at_most = cursor.find("at_most")) {
      const std::size_t rounds = at_most->whole(1);
      if (rounds > max_rounds)
        at_most->fail("expected at most " + std::to_string(max_rounds) + " rounds, found " + std::to_string(rounds));
      result.at_most = static_cast<std::uint32_t>(rounds);
    }
    if (cursor.has("else")) result.otherwise = body(cursor, "else");
    return result;
  }

  Statement count(const json::Cursor& cursor) {
    cursor.check_keys({"for", "do"});
    return Statement::For{read_text<CountingText>(cursor.member("for")), body(cursor, "do")};
  }

  std::vector<Statement> body(const json::Cursor& cursor, const char* key) {
    const json::Cursor lines = cursor.member(key);
    std::vector<Statement> result = list(lines);
    if (result.empty()) lines.fail("expected at least one assignment such as \"a = a/2\"");
    return result;
  }

  std::size_t depth_ = 0;
};

struct Exact {
  std::string operator()(const AssignmentText& text) const { return text.text(); }
  std::string operator()(const Formula& text) const { return text.text(); }
  std::string operator()(const CountingText& text) const { return text.text(); }
};

struct Canonical {
  std::string operator()(const AssignmentText& text) const {
    const language::Assignment& tree = text.tree();
    std::string names = tree.elements ? language::to_text(*tree.elements) : tree.name;
    for (const auto& other : tree.others) names += ", " + other.text;
    return names + " = " + (*this)(tree.value);
  }
  std::string operator()(const Formula& text) const { return (*this)(text.tree()); }
  std::string operator()(const CountingText& text) const {
    const language::Counting& tree = text.tree();
    return tree.name + " = " + (*this)(tree.first) + ":" + (*this)(tree.last);
  }
  std::string operator()(const language::Expression& expression) const { return language::to_text(*expression.root); }
};

template <class Text>
class Writer {
 public:
  void list(const std::vector<Statement>& statements, std::size_t depth) {
    for (const Statement& statement : statements)
      std::visit([&](const auto& what) { write(what, depth); }, statement.what);
  }
  std::vector<std::string> lines;

 private:
  void line(std::size_t depth, const std::string& text) { lines.push_back(std::string(2 * depth, ' ') + text); }

  void write(const AssignmentText& text, std::size_t depth) { line(depth, text_(text)); }
  void write(const Statement::If& branch, std::size_t depth) {
    line(depth, "if " + text_(branch.condition) + ":");
    list(branch.then, depth + 1);
    otherwise(branch.otherwise, depth);
  }
  void write(const Statement::While& loop, std::size_t depth) {
    line(depth, "while " + text_(loop.condition) + ", at most " + std::to_string(loop.at_most) + " times:");
    list(loop.body, depth + 1);
    otherwise(loop.otherwise, depth);
  }
  void write(const Statement::For& loop, std::size_t depth) {
    line(depth, "for " + text_(loop.range) + ":");
    list(loop.body, depth + 1);
  }
  void otherwise(const std::vector<Statement>& statements, std::size_t depth) {
    if (statements.empty()) return;
    line(depth, "else:");
    list(statements, depth + 1);
  }

  Text text_;
};

json::Json json_of(const AssignmentText& text) { return text.text(); }
json::Json json_of(const Statement::If& branch) {
  json::Json object{{"if", branch.condition.text()}, {"then", to_json(branch.then)}};
  if (!branch.otherwise.empty()) object["else"] = to_json(branch.otherwise);
  return object;
}
json::Json json_of(const Statement::While& loop) {
  json::Json object{{"while", loop.condition.text()}, {"do", to_json(loop.body)}, {"at_most", loop.at_most}};
  if (!loop.otherwise.empty()) object["else"] = to_json(loop.otherwise);
  return object;
}
json::Json json_of(const Statement::For& loop) { return {{"for", loop.range.text()}, {"do", to_json(loop.body)}}; }

/// Calls `take` with each assignment.
template <class Take>
void each_assignment(const std::vector<Statement>& statements, const Take& take) {
  for (const Statement& statement : statements) {
    if (const auto* assignment = std::get_if<AssignmentText>(&statement.what)) {
      take(assignment->tree());
    } else if (const auto* branch = std::get_if<Statement::If>(&statement.what)) {
      each_assignment(branch->then, take);
      each_assignment(branch->otherwise, take);
    } else if (const auto* loop = std::get_if<Statement::While>(&statement.what)) {
      each_assignment(loop->body, take);
      each_assignment(loop->otherwise, take);
    } else {
      each_assignment(std::get<Statement::For>(statement.what).body, take);
    }
  }
}

void add(std::vector<std::string>& names, const std::string& name) {
  if (std::ranges::find(names, name) == names.end()) names.push_back(name);
}

}  // namespace

std::vector<Statement> read_statements(const json::Cursor& cursor) { return Reader().list(cursor); }

json::Json to_json(const std::vector<Statement>& statements) {
  json::Json list = json::Json::array();
  for (const Statement& statement : statements)
    list.push_back(std::visit([](const auto& what) { return json_of(what); }, statement.what));
  return list;
}

json::Json to_json(const ProcedureEntry& procedure) {
  json::Json inputs = json::Json::object(), define = json::Json::object();
  const auto add_shorthand = [](json::Json& object, const DefinitionText& shorthand) {
    const std::string& text = shorthand.text();
    const std::size_t equals = text.find(" = ");
    object[text.substr(0, equals)] = text.substr(equals + 3);
  };
  for (const auto& [name, initial] : procedure.inputs) inputs[name] = initial ? json::Json(initial->text()) : nullptr;
  for (const DefinitionText& function : procedure.functions) add_shorthand(inputs, function);
  json::Json object{{"title", procedure.title}, {"inputs", inputs}, {"outputs", procedure.outputs}};
  for (const DefinitionText& shorthand : procedure.define) add_shorthand(define, shorthand);
  if (!procedure.define.empty()) object["define"] = define;
  object["do"] = to_json(procedure.body);
  return object;
}

std::vector<std::string> to_lines(const std::vector<Statement>& statements) {
  Writer<Exact> writer;
  writer.list(statements, 0);
  return writer.lines;
}

std::vector<std::string> to_canonical_lines(const std::vector<Statement>& statements) {
  Writer<Canonical> writer;
  writer.list(statements, 0);
  return writer.lines;
}

std::vector<std::string> assigned_names(const std::vector<Statement>& statements) {
  std::vector<std::string> names;
  each_assignment(statements, [&names](const language::Assignment& assignment) {
    add(names, assignment.name);
    for (const auto& other : assignment.others) add(names, other.text);
  });
  return names;
}

std::vector<std::string> called_names(const std::vector<Statement>& statements) {
  std::vector<std::string> names;
  each_assignment(statements, [&names](const language::Assignment& assignment) {
    const language::Ast& value = *assignment.value.root;
    if (value.kind == language::Ast::Kind::call) add(names, value.text);
  });
  return names;
}

}  // namespace optexplore::catalog
