#include "catalog/entries.hpp"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <optexplore/error.hpp>

#include "catalog/parameters.hpp"
#include "catalog/statements.hpp"
#include "language/parser.hpp"
#include "language/words.hpp"
#include "text/caret.hpp"
#include "text/place.hpp"
#include "text/suggest.hpp"
#include "text/wrap.hpp"

namespace optexplore::catalog {
namespace {

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// What columns and stop conditions call by these names can't also be a coordinate.
const std::vector<std::string>& reserved_coordinates() {
  static const std::vector<std::string> names = {"f",          "g",         "t",   "steps", "step",     "point",
                                                 "point_prev", "optimizer", "run", "seed",  "function", "grad_norm",
                                                 "and",        "or",        "not", "true",  "false"};
  return names;
}

std::string optional_text(const json::Cursor& cursor, const char* key) {
  const auto found = cursor.find(key);
  return found ? found->text() : "";
}

void check_rule_name(const json::Cursor& object, const std::string& name, const char* what) {
  if (!language::is_identifier(name))
    object.fail_key(name, "'" + name + "' can't name a " + what + ": expected letters, digits and _");
  if (contains(reserved_in_rules(), name))
    object.fail_key(name, "'" + name + "' can't name a " + what + ": it has a meaning of its own in rules");
}

std::vector<std::pair<std::string, Parameter>> read_parameters(const json::Cursor& cursor,
                                                               const language::Definition& definition) {
  std::vector<std::pair<std::string, Parameter>> result;
  for (const std::string& name : cursor.keys()) {
    if (!language::is_identifier(name))
      cursor.fail_key(name, "'" + name + "' can't name a parameter: expected letters, digits and _");
    const bool intermediate =
        std::ranges::find(definition.where, name, &language::Assignment::name) != definition.where.end();
    if (intermediate || contains(definition.argument_names(), name) || name == definition.dim_name)
      cursor.fail_key(name, "'" + name + "' is already a name in the definition " + definition.body.source);
    result.emplace_back(name, read_parameter(cursor.member(name)));
  }
  return result;
}

/// Lists that go with the coordinates have one element per coordinate, or one for all.
void check_length(const json::Cursor& cursor, std::size_t length, std::size_t dim) {
  if (dim != 0 && length != 1 && length != dim)
    cursor.fail("expected one entry or " + std::to_string(dim) + ", one per coordinate, found " +
                std::to_string(length));
}

void read_gradient(const json::Cursor& cursor, std::size_t dim, FunctionEntry& entry) {
  for (const json::Cursor& partial : cursor.elements()) entry.gradient.push_back(read_text<Formula>(partial));
  if (entry.gradient.empty() || (dim != 0 && entry.gradient.size() != dim))
    cursor.fail("expected one partial derivative per coordinate" + (dim == 0 ? "" : " (" + std::to_string(dim) + ")") +
                ", found " + std::to_string(entry.gradient.size()));
}

/// What is known about a function besides its formula.
void read_knowledge(const json::Cursor& cursor, std::size_t dim, FunctionEntry& entry) {
  if (const auto domain = cursor.find("domain")) {
    entry.domain = read_domain(*domain);
    check_length(*domain, entry.domain.size(), dim);
  }
  if (const auto start = cursor.find("start")) {
    entry.start = read_point(*start);
    check_length(*start, entry.start.size(), dim);
  }
  // What a maximized function has at its best: of -f it is a minimum.
  for (const auto& [wrong, right] : {std::pair("minimizers", "maximizers"), std::pair("minimum", "maximum")})
    if (const char* given = entry.maximize ? wrong : right; cursor.has(given))
      cursor.fail_key(given, std::string("a function that is ") + (entry.maximize ? "maximized" : "minimized") +
                                 " has \"" + (entry.maximize ? right : wrong) + "\"");
  if (const auto minimizers = cursor.find(entry.maximize ? "maximizers" : "minimizers"))
    for (const json::Cursor& point : minimizers->elements()) {
      if (point.is_string()) {
        entry.minimizers.emplace_back(read_text<Formula>(point));
      } else {
        std::vector<double> numbers = read_point(point);
        check_length(point, numbers.size(), dim);
        entry.minimizers.emplace_back(std::move(numbers));
      }
    }
  if (const auto best = cursor.find(entry.maximize ? "maximum" : "minimum")) {
    if (best->is_string()) {
      const Formula formula = read_text<Formula>(*best);
      entry.minimum = entry.maximize ? Formula("-(" + formula.text() + ")") : formula;
    } else {
      entry.minimum = entry.maximize ? -best->number() : best->number();
    }
  }
  if (const auto tags = cursor.find("tags")) entry.tags = tags->texts();
}

void read_state(const json::Cursor& cursor, const std::vector<std::string>& params, RuleEntry& entry) {
  for (const std::string& name : cursor.keys()) {
    check_rule_name(cursor, name, "state variable");
    if (contains(params, name)) cursor.fail_key(name, "'" + name + "' is already a hyperparameter");
    const json::Cursor value = cursor.member(name);
    if (value.is_string()) {
      entry.state.emplace_back(name, read_text<Formula>(value));
    } else if (value.is_number()) {
      static_cast<void>(value.number());  // must be finite
      entry.state.emplace_back(name, value.json().dump());
    } else {
      value.fail_expected("a number or an expression");
    }
  }
}

void read_choices(const json::Cursor& cursor, const std::vector<std::string>& params, RuleEntry& entry) {
  for (const std::string& name : cursor.keys()) {
    if (!contains(params, name))
      cursor.fail_key(name, "'" + name + "' is no hyperparameter" + text::did_you_mean(name, params));
    const json::Cursor list = cursor.member(name);
    std::vector<std::string> labels = list.texts();
    if (labels.empty()) list.fail("expected at least one name");
    for (const std::string& label : labels)
      if (!language::is_identifier(label))
        list.fail("'" + label + "' can't name a choice: expected letters, digits and _");
    entry.choices.emplace_back(name, std::move(labels));
  }
}

}  // namespace

namespace {

void read_presets(const json::Cursor& cursor, const std::vector<std::string>& params, RuleEntry& entry) {
  for (const std::string& name : cursor.keys()) {
    check_rule_name(cursor, name, "preset");
    if (contains(params, name)) cursor.fail_key(name, "'" + name + "' is already a hyperparameter");
    const json::Cursor settings = cursor.member(name);
    std::vector<std::pair<std::string, DefaultValue>> values;
    for (const std::string& param : settings.keys()) {
      if (!contains(params, param))
        settings.fail_key(param, "'" + param + "' is no hyperparameter" + text::did_you_mean(param, params));
      const std::vector<std::string>* choices = choices_of(entry, param);
      const json::Cursor value = settings.member(param);
      values.emplace_back(param, choices == nullptr ? read_default(value) : DefaultValue(read_choice(value, *choices)));
    }
    entry.presets.emplace_back(name, std::move(values));
  }
}

}  // namespace

const std::vector<std::string>* choices_of(const RuleEntry& rule, const std::string& name) {
  for (const auto& [param, labels] : rule.choices)
    if (param == name) return &labels;
  return nullptr;
}

Choice read_choice(const json::Cursor& cursor, const std::vector<std::string>& names) {
  const std::string text = cursor.is_string() ? cursor.text() : "";
  const auto found = std::find(names.begin(), names.end(), text);
  if (found != names.end()) return {text, static_cast<std::size_t>(found - names.begin())};
  std::string all;
  for (const std::string& name : names) all += (all.empty() ? "" : ", ") + name;
  cursor.fail("expected one of " + all + ", found " + json::describe(cursor.json()) + text::did_you_mean(text, names));
}

const std::vector<std::string>& reserved_in_rules() {
  static const std::vector<std::string> names = {"x",    "g",   "t",    "steps", "n",     "x_prev",     "f",
                                                 "grad", "hvp", "hess", "rand",  "randn", "rademacher", "and",
                                                 "or",   "not", "true", "false", "pi",    "inf",        "nan"};
  return names;
}

double read_number(const json::Cursor& cursor) {
  if (!cursor.is_string()) return cursor.number();
  try {
    return constant(Formula::read(cursor.text()));
  } catch (const InputError& error) {
    cursor.fail("expected a number, or an expression of one such as pi/2, found " + json::describe(cursor.json()) +
                ": " + error.message());
  }
}

std::vector<double> read_numbers(const json::Cursor& cursor) {
  std::vector<double> numbers;
  for (const json::Cursor& element : cursor.elements()) numbers.push_back(read_number(element));
  return numbers;
}

Parameter read_parameter(const json::Cursor& cursor) {
  if (cursor.is_number() || cursor.is_string()) return read_number(cursor);
  if (cursor.is_boolean()) return cursor.json().get<bool>() ? 1.0 : 0.0;
  if (!cursor.is_array()) cursor.fail_expected("a number, a list of numbers or a list of rows");
  if (cursor.json().empty()) cursor.fail("expected at least one number");
  if (!cursor.json().front().is_array()) return read_numbers(cursor);
  std::vector<std::vector<double>> rows;
  for (const json::Cursor& row : cursor.elements()) {
    rows.push_back(read_numbers(row));
    if (rows.back().empty() || rows.back().size() != rows.front().size())
      row.fail("expected a row of " + std::to_string(std::max<std::size_t>(rows.front().size(), 1)) +
               " numbers, found " + std::to_string(rows.back().size()));
  }
  return rows;
}

Interval read_interval(const json::Cursor& cursor) {
  if (!cursor.is_array() || cursor.json().size() != 2) cursor.fail("expected an interval [low, high]");
  const std::vector<double> ends = read_numbers(cursor);
  if (!(ends[0] < ends[1])) cursor.fail("expected an interval [low, high] with low < high");
  return {ends[0], ends[1]};
}

std::vector<Interval> read_domain(const json::Cursor& cursor) {
  if (!cursor.is_array() || cursor.json().empty()) cursor.fail("expected [low, high] or a list of them");
  if (!cursor.json().front().is_array()) return {read_interval(cursor)};
  std::vector<Interval> result;
  for (const json::Cursor& element : cursor.elements()) result.push_back(read_interval(element));
  return result;
}

std::vector<double> read_point(const json::Cursor& cursor) {
  if (cursor.is_number() || cursor.is_string()) return {read_number(cursor)};
  if (!cursor.is_array()) cursor.fail_expected("a point: a list of numbers, or one number for every coordinate");
  std::vector<double> point = read_numbers(cursor);
  if (point.empty()) cursor.fail("expected at least one number");
  return point;
}

DefaultValue read_default(const json::Cursor& cursor) {
  if (cursor.json().is_null()) return std::numeric_limits<double>::quiet_NaN();
  if (cursor.is_number()) return cursor.number();
  if (cursor.is_boolean()) return cursor.json().get<bool>() ? 1.0 : 0.0;
  if (!cursor.is_string()) cursor.fail_expected("a number, true, false, null or an expression");
  Formula formula = read_text<Formula>(cursor);
  const language::Ast& root = *formula.tree().root;
  if (root.kind == language::Ast::Kind::number) return root.value;
  return formula;
}

namespace {

/// Elements of vectors and matrices have names such as b_1 and W_1_2, which no other argument may have.
void check_elements(const language::Definition& definition, const std::string& text) {
  for (const language::Argument& argument : definition.arguments)
    for (const language::Argument& other : definition.arguments) {
      const std::string element = other.name + "_";
      if (other.rank == 0 || !argument.name.starts_with(element)) continue;
      if (argument.name.find_first_not_of("0123456789_", element.size()) == std::string::npos)
        throw text::error_at(text, argument.span,
                             "'" + argument.name + "' can't be an argument's name beside '" + other.name +
                                 "', whose elements are called " + element + (other.rank == 1 ? "1" : "1_1") + ", …");
    }
}

}  // namespace

DefinitionText checked_definition(const std::string& text) {
  DefinitionText definition = DefinitionText::read(text);
  for (const std::string& name : definition.tree().argument_names())
    if (contains(reserved_coordinates(), name))
      throw InputError("a coordinate can't be called '" + name +
                       "': columns and stop conditions have that name already");
  check_elements(definition.tree(), text);
  for (const language::Assignment& value : definition.tree().where)
    if (contains(reserved_coordinates(), value.name))
      throw text::error_at(text, value.name_span,
                           "an intermediate value can't be called '" + value.name +
                               "': columns and stop conditions have that name already");
  return definition;
}

DefinitionText read_definition(const json::Cursor& cursor) {
  return text::with_place([&] { return cursor.place(); }, [&] { return checked_definition(cursor.text()); });
}

namespace {

/// A definition whose intermediate values are a list: one text, as if they had been typed behind it.
DefinitionText with_intermediate_values(const DefinitionText& definition, const json::Cursor& where) {
  std::string text = definition.text() + (definition.tree().where.empty() ? " where " : "; ");
  bool first = true;
  for (const json::Cursor& line : where.elements()) {
    const AssignmentText value = read_text<AssignmentText>(line);
    if (value.tree().elements) line.fail("expected an intermediate value such as \"u = x + y\"");
    text += (first ? "" : "; ") + value.text();
    first = false;
  }
  if (first) return definition;
  return text::with_place([&] { return where.place(); }, [&] { return checked_definition(text); });
}

}  // namespace

FunctionEntry read_function(const json::Cursor& cursor) {
  cursor.check_keys({"name", "aliases", "title", "definition", "where", "params", "gradient", "domain", "start",
                     "minimizers", "minimum", "maximize", "maximizers", "maximum", "dim", "tags", "reference", "note"});
  FunctionEntry entry;
  entry.definition = read_definition(cursor.member("definition"));
  if (const auto where = cursor.find("where")) entry.definition = with_intermediate_values(entry.definition, *where);
  const language::Definition& definition = entry.definition.tree();
  entry.name = cursor.has("name") ? cursor.member("name").text() : definition.name;
  if (entry.name.empty()) cursor.member("name").fail("expected a name");
  if (const auto aliases = cursor.find("aliases")) entry.aliases = aliases->texts();
  entry.title = optional_text(cursor, "title");
  entry.reference = optional_text(cursor, "reference");
  entry.note = optional_text(cursor, "note");
  if (const auto params = cursor.find("params")) entry.params = read_parameters(*params, definition);
  if (const auto dim = cursor.find("dim")) {
    entry.dim = dim->whole(1);
    if (definition.fixed_dim != 0 && entry.dim != definition.fixed_dim)
      dim->fail("the definition fixes the dimension at " + std::to_string(definition.fixed_dim) + ", found " +
                std::to_string(entry.dim));
    if (definition.fixed_dim != 0) entry.dim = 0;
  }
  if (const auto gradient = cursor.find("gradient")) read_gradient(*gradient, definition.fixed_dim, entry);
  if (const auto maximize = cursor.find("maximize")) entry.maximize = maximize->boolean();
  read_knowledge(cursor, definition.fixed_dim, entry);
  return entry;
}

namespace {}  // namespace

RuleEntry::Scope read_scope(const json::Cursor& cursor) {
  const std::string text = cursor.is_string() ? cursor.text() : "";
  if (text == "block") return RuleEntry::Scope::block;
  if (text == "point") return RuleEntry::Scope::point;
  cursor.fail_expected("\"block\" (each block by itself) or \"point\" (all of them as one vector)");
}

namespace {

/// "phi(a)": "f(x + a*d)"
DefinitionText read_shorthand(const json::Cursor& cursor, const std::string& head,
                              const std::vector<std::string>& params) {
  return text::with_place(
      [&] { return cursor.place(); },
      [&] {
        DefinitionText text = DefinitionText::read(head + " = " + cursor.text());
        const language::Definition& definition = text.tree();
        if (!definition.of_numbers())
          throw InputError("expected arguments without brackets, as in phi(a), found '" + head + "'");
        if (contains(params, definition.name) || contains(reserved_in_rules(), definition.name))
          throw InputError("'" + definition.name + "' has a meaning already");
        return text;
      });
}

/// "d": null, "c1": 1e-4, "a": "1/norm(d)"
std::pair<std::string, std::optional<Formula>> read_argument(const json::Cursor& cursor, const std::string& name,
                                                             const char* what) {
  check_rule_name(cursor, name, what);
  const json::Cursor value = cursor.member(name);
  if (value.json().is_null()) return {name, std::nullopt};
  return {name, value.is_number() ? Formula(value.json().dump()) : read_text<Formula>(value)};
}

/// Arguments, and functions such as "accept(ga)": "1".
void read_inputs(const json::Cursor& cursor, ProcedureEntry& entry) {
  for (const std::string& name : cursor.keys()) {
    if (name.find('(') != std::string::npos)
      entry.functions.push_back(read_shorthand(cursor.member(name), name, {}));
    else
      entry.inputs.push_back(read_argument(cursor, name, "procedure's input"));
  }
}

}  // namespace

namespace {

std::string read_group(const json::Cursor& cursor) {
  std::vector<std::string> known;
  for (const RuleGroup& group : rule_groups()) known.emplace_back(group.name);
  std::string name = cursor.text();
  if (!contains(known, name))
    cursor.fail("expected one of " + text::join(known, ", ") + ", found \"" + name + "\"" +
                text::did_you_mean(name, known));
  return name;
}

}  // namespace

const char* to_string(RuleEntry::Scope scope) { return scope == RuleEntry::Scope::point ? "point" : "block"; }

RuleEntry read_rule_body(const json::Cursor& cursor, const std::vector<std::string>& params) {
  RuleEntry entry;
  entry.title = optional_text(cursor, "title");
  if (const auto group = cursor.find("group")) entry.group = read_group(*group);
  entry.reference = optional_text(cursor, "reference");
  entry.note = optional_text(cursor, "note");
  if (const auto object = cursor.find("params"))
    for (const std::string& name : params) check_rule_name(*object, name, "hyperparameter");
  if (const auto choices = cursor.find("choices")) read_choices(*choices, params, entry);
  if (const auto presets = cursor.find("presets")) read_presets(*presets, params, entry);
  if (const auto scope = cursor.find("scope")) entry.scope = read_scope(*scope);
  if (const auto state = cursor.find("state")) read_state(*state, params, entry);
  if (const auto define = cursor.find("define"))
    for (const std::string& head : define->keys())
      entry.define.push_back(read_shorthand(define->member(head), head, params));
  if (const auto procedures = cursor.find("procedures")) entry.procedures = read_procedures(*procedures);
  const json::Cursor update = cursor.member("update");
  entry.update = read_statements(update);
  if (entry.update.empty()) update.fail("expected at least one assignment such as \"x = x - lr*g\"");
  return entry;
}

RuleEntry read_rule(const json::Cursor& cursor) {
  cursor.check_keys({"name", "title", "group", "params", "choices", "presets", "scope", "state", "define", "procedures",
                     "update", "reference", "note"});
  const auto params = cursor.find("params");
  RuleEntry entry = read_rule_body(cursor, params ? params->keys() : std::vector<std::string>{});
  entry.name = optional_text(cursor, "name");
  if (params)
    for (const std::string& name : params->keys()) {
      const json::Cursor value = params->member(name);
      const std::vector<std::string>* choices = choices_of(entry, name);
      entry.params.emplace_back(name,
                                choices == nullptr ? read_default(value) : DefaultValue(read_choice(value, *choices)));
    }
  return entry;
}

ProcedureEntry read_procedure(const json::Cursor& cursor) {
  cursor.check_keys({"name", "title", "inputs", "outputs", "define", "do", "reference", "note"});
  ProcedureEntry entry;
  entry.name = optional_text(cursor, "name");
  entry.pointer = cursor.pointer();
  entry.title = optional_text(cursor, "title");
  if (const auto inputs = cursor.find("inputs")) read_inputs(*inputs, entry);
  const json::Cursor outputs = cursor.member("outputs");
  entry.outputs = outputs.texts();
  if (entry.outputs.empty()) outputs.fail("expected the names of its outputs, such as [\"a\"]");
  for (const std::string& name : entry.outputs) check_rule_name(outputs, name, "procedure's output");
  std::vector<std::string> names;
  for (const auto& [name, initial] : entry.inputs) names.push_back(name);
  for (const DefinitionText& function : entry.functions) names.push_back(function.tree().name);
  if (const auto define = cursor.find("define"))
    for (const std::string& head : define->keys())
      entry.define.push_back(read_shorthand(define->member(head), head, names));
  const json::Cursor body = cursor.member("do");
  entry.body = read_statements(body);
  const std::vector<std::string> assigned = assigned_names(entry.body);
  for (const std::string& name : entry.outputs)
    if (!contains(assigned, name)) body.fail("the output '" + name + "' is never assigned");
  for (const std::string& name : assigned)
    if (contains(reserved_in_rules(), name)) body.fail("a procedure can't assign to '" + name + "'");
  entry.reference = optional_text(cursor, "reference");
  entry.note = optional_text(cursor, "note");
  return entry;
}

std::vector<ProcedureEntry> read_procedures(const json::Cursor& cursor) {
  std::vector<ProcedureEntry> result;
  for (const std::string& name : cursor.keys()) {
    check_rule_name(cursor, name, "procedure");
    if (language::find_word(language::Word::Kind::function, name) != nullptr)
      cursor.fail_key(name, "'" + name + "' can't name a procedure: it is a function of the language");
    const json::Cursor value = cursor.member(name);
    result.push_back(value.is_string()
                         ? text::with_place([&] { return value.place(); }, [&] { return procedure_file(value.path()); })
                         : read_procedure(value));
    if (result.back().name.empty()) result.back().name = name;
    if (result.back().name != name)
      value.fail("the procedure is called '" + name + "' here and '" + result.back().name + "' in itself");
  }
  return result;
}

ScheduleEntry read_schedule(const json::Cursor& cursor) {
  cursor.check_keys({"name", "title", "params", "require", "value", "example", "reference", "note"});
  ScheduleEntry entry;
  entry.name = cursor.member("name").text();
  entry.title = optional_text(cursor, "title");
  const json::Cursor params = cursor.member("params");
  for (const std::string& name : params.keys())
    entry.params.push_back(read_argument(params, name, "schedule's argument"));
  if (const auto require = cursor.find("require"))
    for (const json::Cursor& condition : require->elements()) entry.require.push_back(read_text<Formula>(condition));
  entry.value = read_text<Formula>(cursor.member("value"));
  entry.example = optional_text(cursor, "example");
  entry.reference = optional_text(cursor, "reference");
  entry.note = optional_text(cursor, "note");
  return entry;
}

}  // namespace optexplore::catalog
