#include "study/update.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "catalog/statements.hpp"
#include "language/ast.hpp"
#include "program/outline.hpp"
#include "program/shapes.hpp"
#include "text/caret.hpp"
#include "text/place.hpp"
#include "text/suggest.hpp"
#include "text/wrap.hpp"

namespace optexplore::study {
namespace {

using language::Op;
using program::no_node;
using program::NodeId;
using program::Shape;

/// Each level of loops builds its body several times, until the shapes of what it carries are known.
constexpr std::size_t max_statements_built = 100'000;

/// The value of a name before some statements; nothing: it has none.
using Values = std::vector<std::pair<std::string, std::optional<NodeId>>>;

std::optional<NodeId> current(const program::Scope& scope, const std::string& name) {
  const program::Scope::Make make = scope.find(name);
  return make ? std::optional(make()) : std::nullopt;
}

Values values_of(const program::Scope& scope, const std::vector<std::string>& names) {
  Values values;
  for (const std::string& name : names) values.emplace_back(name, current(scope, name));
  return values;
}

void restore(Variables& variables, const Values& values) {
  for (const auto& [name, value] : values) {
    if (value)
      variables.store(name, *value);
    else
      variables.scope.names.erase(name);
  }
}

/// One shape for both, if a number may become the other one.
bool unify(program::Graph& graph, NodeId& a, NodeId& b) {
  a = graph.fill(a, graph.shape(b));
  b = graph.fill(b, graph.shape(a));
  return graph.shape(a) == graph.shape(b);
}

/// One after another out of a vector of them all.
class Unpacker {
 public:
  Unpacker(program::Graph& graph, NodeId all) : graph_(graph), all_(all) {}
  NodeId next(Shape shape) {
    const std::uint32_t begin = std::exchange(offset_, offset_ + shape.size());
    if (shape.scalar()) return graph_.element(all_, begin);
    return graph_.reshape(graph_.slice(all_, begin, shape.length), shape);
  }

 private:
  program::Graph& graph_;
  NodeId all_;
  std::uint32_t offset_ = 0;
};

program::Site site_of(const language::Expression& expression) {
  return std::make_shared<const program::Origin>(program::Origin{expression.source, expression.root->span});
}

}  // namespace

UpdateBuilder::UpdateBuilder(program::Graph& graph, Frames& frames, std::function<program::Scope()> base)
    : graph_(graph), frames_(frames), base_(std::move(base)) {}

void UpdateBuilder::build(const std::vector<Statement>& statements, const std::vector<ProcedureEntry>& procedures,
                          Variables& variables, const std::string& pointer) {
  for (const std::string& name : catalog::assigned_names(statements))
    if (!variables.scope.find(name) && !variables.scope.why_unavailable(name))
      variables.scope.unavailable[name] = "it is set only further down";
  std::vector<std::string> known = catalog::procedure_names();
  for (const ProcedureEntry& procedure : procedures) known.push_back(procedure.name);
  for (const std::string& name : known)
    variables.scope.unavailable.emplace(name,
                                        "it is a procedure; write a = " + name + "(…), and nothing more in a line");
  run(statements, {variables, procedures, pointer});
}

void UpdateBuilder::run(const std::vector<Statement>& statements, const Place& place) {
  for (std::size_t i = 0; i < statements.size(); ++i) {
    count_work();
    std::visit([&](const auto& what) { run(what, place.at(std::to_string(i))); }, statements[i].what);
  }
}

void UpdateBuilder::count_work() {
  if (++work_ > max_statements_built)
    throw InputError("the update expands to more than " + std::to_string(max_statements_built) + " lines");
}

// --- assignments

void UpdateBuilder::run(const AssignmentText& text, const Place& place) {
  text::with_place([&] { return place.variables.place(place.pointer); },
                   [&] {
                     const language::Assignment& assignment = text.tree();
                     const std::string& source = text.text();
                     program::Scope& scope = place.variables.scope;
                     if (const ProcedureEntry* procedure = find_procedure(assignment, place))
                       return call_procedure(*procedure, assignment, place);
                     place.variables.check(assignment.name, assignment.name_span, source);
                     const auto old = assignment.elements ? current(scope, assignment.name) : std::nullopt;
                     if (assignment.elements && !old)
                       throw text::error_at(source, assignment.name_span,
                                            "'" + assignment.name + "' has no elements before it has a value");
                     const NodeId value = program::assign(graph_, assignment, old.value_or(no_node), scope);
                     text::with_excerpt(source, assignment.value.root->span,
                                        [&] { place.variables.store(assignment.name, value); });
                   });
}

/// The procedure that the right side is a call of, and nothing but that.
const ProcedureEntry* UpdateBuilder::find_procedure(const language::Assignment& assignment, const Place& place) const {
  const language::Ast& call = *assignment.value.root;
  const bool is_call = call.kind == language::Ast::Kind::call;
  const auto own = std::ranges::find(place.procedures, call.text, &ProcedureEntry::name);
  if (is_call && !place.variables.scope.functions.contains(call.text)) {
    if (own != place.procedures.end()) return &*own;
    if (catalog::has_procedure(call.text)) return &catalog::procedure(call.text);
  }
  if (assignment.others.empty()) return nullptr;
  std::vector<std::string> known = catalog::procedure_names();
  for (const ProcedureEntry& procedure : place.procedures) known.push_back(procedure.name);
  throw text::error_at(assignment.value.source, is_call ? call.name_span : call.span,
                       "expected a procedure's call, as there are several names to assign to" +
                           (is_call ? text::did_you_mean(call.text, known) : ""));
}

void UpdateBuilder::call_procedure(const ProcedureEntry& procedure, const language::Assignment& assignment,
                                   const Place& place) {
  const std::string& source = assignment.value.source;
  if (assignment.elements)
    throw text::error_at(source, assignment.elements->span,
                         "expected a name, as a procedure's outputs are assigned as wholes");
  if (assignment.others.size() + 1 > procedure.outputs.size())
    throw text::error_at(source, assignment.others.back().span,
                         procedure.name + " has " + std::to_string(procedure.outputs.size()) +
                             (procedure.outputs.size() == 1 ? " output (" : " outputs (") +
                             text::join(procedure.outputs, ", ") + "), found " +
                             std::to_string(assignment.others.size() + 1) + " names");
  std::vector<language::Assignment::Name> targets = {{assignment.name, assignment.name_span}};
  targets.insert(targets.end(), assignment.others.begin(), assignment.others.end());
  for (const auto& [name, span] : targets) place.variables.check(name, span, source);
  std::vector<NodeId> outputs;
  // It is a function of this line only.
  program::Scope scope = place.variables.scope;
  scope.functions[procedure.name] = {[&](const program::CallArguments& args) {
                                       outputs = expand(procedure, args, place);
                                       return outputs[0];
                                     },
                                     [&](std::size_t) {
                                       std::vector<std::string> names;
                                       for (const auto& [name, initial] : procedure.inputs) names.push_back(name);
                                       return names;
                                     },
                                     {}};
  for (const DefinitionText& function : procedure.functions)
    scope.functions[procedure.name].function_parameters.push_back(function.tree().name);
  program::build(graph_, assignment.value, scope);
  for (std::size_t k = 0; k < targets.size(); ++k)
    text::with_excerpt(source, targets[k].span, [&] { place.variables.store(targets[k].text, outputs[k]); });
}

std::vector<NodeId> UpdateBuilder::expand(const ProcedureEntry& procedure, const program::CallArguments& args,
                                          const Place& place) {
  const auto where = [&](const std::string& part) {
    if (!procedure.file.empty()) return procedure.file + ": " + procedure.pointer + part;
    return procedure.pointer.empty() ? "procedure " + procedure.name + ": " + part : procedure.pointer + part;
  };
  if (std::ranges::find(expanding_, procedure.name) != expanding_.end())
    throw InputError("the procedure '" + procedure.name + "' would call itself");
  if (args.size() > procedure.inputs.size())
    throw InputError(procedure.name + " takes at most " + std::to_string(procedure.inputs.size()) +
                     " arguments, found " + std::to_string(args.size()));
  expanding_.push_back(procedure.name);
  program::Scope scope = base_();
  for (std::size_t k = 0; k < procedure.inputs.size(); ++k) {
    const auto& [name, initial] = procedure.inputs[k];
    NodeId value = k < args.size() ? args[k] : no_node;
    if (value == no_node && !initial) throw InputError(procedure.name + " needs the argument '" + name + "'");
    if (value == no_node)
      value = text::with_place([&, &name = name] { return where("/inputs/" + name); },
                               [&, &initial = initial] { return program::build(graph_, initial->tree(), scope); });
    scope.set(name, value);
  }
  Variables variables{scope,
                      [](const std::string& name, text::Span span, const std::string& source) {
                        if (name.find('.') != std::string::npos)
                          throw text::error_at(source, span, "a name can't contain a point");
                      },
                      [&scope](const std::string& name, NodeId value) {
                        scope.unavailable.erase(name);
                        scope.set(name, value);
                      },
                      where};
  add_shorthands(procedure.functions, variables);
  for (const auto& [name, function] : args.functions)
    scope.functions[name] = place.variables.scope.functions.at(function);
  add_shorthands(procedure.define, variables);
  build(procedure.body, place.procedures, variables, "/do");
  expanding_.pop_back();
  std::vector<NodeId> outputs;
  for (const std::string& name : procedure.outputs) {
    const auto value = current(scope, name);
    if (!value) {
      const auto why = scope.why_unavailable(name);
      throw InputError("the output '" + name + "' may have no value" + (why ? ": " + *why : ""), "", where("/do"));
    }
    outputs.push_back(*value);
  }
  return outputs;
}

void UpdateBuilder::add_shorthands(const std::vector<DefinitionText>& define, const Variables& variables) {
  program::Scope& scope = variables.scope;
  for (const DefinitionText& text : define) {
    const language::Definition& definition = text.tree();
    const auto build = [this, &definition, &scope, place = variables.place](const program::CallArguments& args) {
      const std::vector<std::string> names = definition.argument_names();
      if (args.size() != names.size() || std::ranges::find(args, no_node) != args.end())
        throw InputError(definition.name + " takes " + std::to_string(names.size()) +
                         (names.size() == 1 ? " argument (" : " arguments (") + text::join(names, ", ") + ")");
      const std::string known_as = definition.name + "()";
      if (std::ranges::find(expanding_, known_as) != expanding_.end())
        throw InputError("'" + definition.name + "' is defined by itself");
      expanding_.push_back(known_as);
      program::Scope inner = scope;
      for (std::size_t k = 0; k < names.size(); ++k) inner.set(names[k], args[k]);
      const NodeId value = text::with_place([&] { return place("/define/" + definition.name); },
                                            [&] {
                                              program::add_intermediate_values(inner, graph_, definition);
                                              return program::build(graph_, definition.body, inner);
                                            });
      expanding_.pop_back();
      return value;
    };
    scope.functions[definition.name] = {build, [&definition](std::size_t) { return definition.argument_names(); }};
  }
}

// --- conditions

void UpdateBuilder::run(const Statement::If& branch, const Place& place) {
  const NodeId condition = text::with_place(
      [&] { return place.variables.place(place.pointer + "/if"); },
      [&] { return program::build_scalar(graph_, branch.condition.tree(), place.variables.scope, "a condition"); });
  choose(condition, place.at("then"), branch.then, place.at("else"), branch.otherwise);
}

void UpdateBuilder::choose(NodeId condition, const Place& then_place, const std::vector<Statement>& then,
                           const Place& else_place, const std::vector<Statement>& otherwise) {
  if (graph_.is_constant(condition)) {
    return language::holds(graph_.constant_element(condition, 0)) ? run(then, then_place) : run(otherwise, else_place);
  }
  Variables& variables = then_place.variables;
  std::vector<std::string> names = catalog::assigned_names(then);
  for (const std::string& name : catalog::assigned_names(otherwise))
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  const Values before = values_of(variables.scope, names);
  const auto unavailable = variables.scope.unavailable;
  const auto begin = static_cast<NodeId>(graph_.size());
  program::Part part;
  const auto arm = [&](const std::vector<Statement>& statements, const Place& place, Counts& counts) {
    frames_.open(false, {}, begin);
    run(statements, place);
    counts = frames_.counts();
    program::Part closed = frames_.close();
    closed.outside.insert(closed.outside.end(), part.outside.begin(), part.outside.end());
    part = std::move(closed);
    Values after = values_of(variables.scope, names);
    restore(variables, before);
    variables.scope.unavailable = unavailable;
    return after;
  };
  Counts then_counts, else_counts;
  const Values after_then = arm(then, then_place, then_counts);
  const Values after_else = arm(otherwise, else_place, else_counts);

  std::vector<NodeId> then_results, else_results;
  std::vector<std::string> changed;
  for (std::size_t k = 0; k < names.size(); ++k) {
    if (!after_then[k].second || !after_else[k].second) {
      variables.scope.unavailable[names[k]] = "it is set only under a condition";
      continue;
    }
    NodeId a = *after_then[k].second, b = *after_else[k].second;
    if (!unify(graph_, a, b))
      throw InputError("'" + names[k] + "' is " + program::describe(graph_.shape(a)) +
                           " where the condition holds, and " + program::describe(graph_.shape(b)) + " elsewhere",
                       "", variables.place(then_place.pointer));
    if (a == b) {
      frames_.keep_here({&a, 1});
      variables.store(names[k], a);
      continue;
    }
    changed.push_back(names[k]);
    then_results.push_back(a);
    else_results.push_back(b);
  }
  Counts counts = then_counts;
  for (std::size_t k = 0; k < counts.size(); ++k) {
    if (then_counts[k] == else_counts[k]) continue;
    counts[k] = no_node;
    then_results.push_back(then_counts[k]);
    else_results.push_back(else_counts[k]);
  }
  if (then_results.empty()) return frames_.add(counts);
  const std::vector<std::vector<NodeId>> results = {then_results, else_results};
  program::Outlines both = program::take_out(graph_, part, results);
  frames_.keep_here(both.captured);
  for (program::Outline& outline : both.outlines) outline.body->next = std::move(outline.results);
  Unpacker unpacker(graph_, graph_.branch(condition, both.outlines[0].body, both.outlines[1].body, both.captured));
  for (std::size_t k = 0; k < changed.size(); ++k)
    variables.store(changed[k], unpacker.next(graph_.shape(then_results[k])));
  for (NodeId& count : counts)
    if (count == no_node) count = unpacker.next({});
  frames_.add(counts);
}

// --- loops

void UpdateBuilder::run(const Statement::While& loop, const Place& place) {
  Header header;
  header.count = loop.at_most;
  header.test = [&] {
    return text::with_place(
        [&] { return place.variables.place(place.pointer + "/while"); },
        [&] { return program::build_scalar(graph_, loop.condition.tree(), place.variables.scope, "a condition"); });
  };
  if (loop.otherwise.empty()) header.site = site_of(loop.condition.tree());
  const NodeId rounds = repeat(header, loop.body, place.at("do"));
  if (loop.otherwise.empty()) return;
  const NodeId most = [&] {
    const program::InFormat exact(graph_, std::nullopt);
    return graph_.constant(loop.at_most);
  }();
  const NodeId reached = graph_.apply(Op::eq, {rounds, most});
  choose(reached, place.at("else"), loop.otherwise, place.at("else"), {});
}

void UpdateBuilder::run(const Statement::For& loop, const Place& place) {
  const language::Counting& counting = loop.range.tree();
  const auto at_range = [&](const auto& action) {
    return text::with_place([&] { return place.variables.place(place.pointer + "/for"); }, action);
  };
  const auto end = [&](const language::Expression& expression) {
    const program::InFormat exact(graph_, std::nullopt);  // numbers that count have no format
    return at_range([&] { return program::build_scalar(graph_, expression, place.variables.scope, "a range's end"); });
  };
  const auto refuse = [&](const language::Expression& expression, const std::string& message) {
    at_range([&] { throw text::error_at(expression.source, expression.root->span, message); });
  };
  at_range([&] {
    place.variables.check(counting.name, counting.name_span, loop.range.text());
    if (place.variables.scope.find(counting.name))
      throw text::error_at(loop.range.text(), counting.name_span, "'" + counting.name + "' has a value already");
    const std::vector<std::string> assigned = catalog::assigned_names(loop.body);
    if (std::ranges::find(assigned, counting.name) != assigned.end())
      throw text::error_at(loop.range.text(), counting.name_span,
                           "'" + counting.name + "' counts the rounds; the loop can't assign to it");
  });
  const NodeId first = end(counting.first), last = end(counting.last);
  Header header;
  header.counter = counting.name;
  header.value = [&, first](NodeId round) {
    const program::InFormat exact(graph_, std::nullopt);
    if (graph_.is_constant(first, 1)) return round;
    return graph_.add(first, graph_.sub(round, graph_.constant(1.0)));
  };
  const std::optional<double> known_first = graph_.known_value(first), known_last = graph_.known_value(last);
  for (const auto& [value, expression] :
       {std::pair(known_first, &counting.first), std::pair(known_last, &counting.last)})
    if (value && std::floor(*value) != *value) refuse(*expression, "a range's end must be a whole number");
  if (known_first && known_last) {
    const double count = *known_last - *known_first + 1;
    if (count > catalog::max_rounds)
      refuse(counting.last, "more than " + std::to_string(catalog::max_rounds) + " rounds");
    if (count < 1) return;
    header.count = static_cast<std::uint32_t>(count);
  } else {
    header.count = catalog::max_rounds;
    header.test = [&, last] { return graph_.apply(Op::le, {*current(place.variables.scope, counting.name), last}); };
    header.site = site_of(counting.last);
  }
  repeat(header, loop.body, place.at("do"));
}

/// A body as it was built, on inputs of its own.
struct UpdateBuilder::Loop {
  std::vector<std::string> names;  ///< what is carried from round to round
  std::vector<NodeId> before;
  std::vector<Shape> shapes;
  NodeId round = no_node;     ///< an input
  std::vector<NodeId> now{};  ///< inputs
  std::vector<NodeId> next{};
  NodeId test = no_node;
  Counts of_test{};
  Counts of_body{};
  program::Part part{};
};

/// Whether the shapes were right; else they are better now.
bool UpdateBuilder::try_body(const Header& header, const std::vector<Statement>& body, const Place& place, Loop& loop) {
  Variables& variables = place.variables;
  const auto begin = static_cast<NodeId>(graph_.size());
  loop.round = graph_.input({});
  std::vector<NodeId> own = {loop.round};
  loop.now.clear();
  loop.next.clear();
  for (std::size_t k = 0; k < loop.names.size(); ++k) {
    loop.now.push_back(graph_.input(loop.shapes[k]));
    own.push_back(loop.now.back());
  }
  frames_.open(true, own, begin);
  for (std::size_t k = 0; k < loop.names.size(); ++k) variables.store(loop.names[k], loop.now[k]);
  if (!header.counter.empty()) variables.scope.set(header.counter, header.value(loop.round));
  if (header.test) loop.test = header.test();
  loop.of_test = frames_.take_counts();
  run(body, place);
  loop.of_body = frames_.counts();
  loop.part = frames_.close();
  bool right = true;
  for (std::size_t k = 0; k < loop.names.size(); ++k) {
    NodeId next = *current(variables.scope, loop.names[k]);
    if (!loop.shapes[k].scalar()) next = graph_.fill(next, loop.shapes[k]);
    loop.next.push_back(next);
    const Shape shape = graph_.shape(next);
    if (shape == loop.shapes[k]) continue;
    if (!loop.shapes[k].scalar())
      throw InputError("'" + loop.names[k] + "' is " + program::describe(loop.shapes[k]) + " before the loop and " +
                           program::describe(shape) + " after a round",
                       "", variables.place(place.pointer));
    loop.shapes[k] = shape;
    right = false;
  }
  return right;
}

NodeId UpdateBuilder::repeat(const Header& header, const std::vector<Statement>& body, const Place& place) {
  program::Scope& scope = place.variables.scope;
  const std::vector<std::string> assigned = catalog::assigned_names(body);
  const Values before = values_of(scope, assigned);
  const auto unavailable = scope.unavailable;
  Loop loop;
  for (const auto& [name, value] : before) {
    if (!value) continue;
    loop.names.push_back(name);
    loop.before.push_back(*value);
    loop.shapes.push_back(graph_.shape(*value));
  }
  if (loop.names.empty())
    throw InputError("the loop changes nothing that has a value before it, so it does nothing", "",
                     place.variables.place(place.pointer));
  for (const std::string& name : assigned)
    if (!scope.find(name)) scope.unavailable[name] = "it has no value before the loop";
  const auto at_begin = scope.unavailable;
  const std::uint32_t draws = graph_.draws();
  for (bool right = false; !right;) {
    graph_.number_draws_from(draws);
    right = try_body(header, body, place, loop);
    restore(place.variables, before);
    scope.unavailable = at_begin;
  }
  scope.unavailable = unavailable;
  for (const auto& [name, value] : before)
    if (!value) scope.unavailable[name] = "it is set only in a loop";
  if (!header.counter.empty()) scope.names.erase(header.counter);
  return finish(header, loop, place.variables);
}

NodeId UpdateBuilder::finish(const Header& header, Loop& loop, Variables& variables) {
  const program::InFormat exact(graph_, std::nullopt);  // there are only counts to compute
  const auto is_zero = [this](NodeId count) { return graph_.is_constant(count, 0); };
  // What a round asks for is added up in the loop where it isn't always the same.
  const std::size_t carried = loop.names.size();
  std::vector<NodeId> before = loop.before;
  for (std::size_t k = 0; k < carried; ++k) before[k] = graph_.fill(before[k], loop.shapes[k]);
  std::vector<std::size_t> summed;
  for (std::size_t k = 0; k < loop.of_body.size(); ++k) {
    if (graph_.is_constant(loop.of_body[k])) continue;
    summed.push_back(k);
    loop.now.push_back(graph_.input({}));
    loop.part.own.push_back(loop.now.back());
    loop.next.push_back(graph_.add(loop.now.back(), loop.of_body[k]));
    before.push_back(graph_.constant(0.0));
  }
  std::vector<NodeId> results = loop.next;
  if (header.test) results.push_back(loop.test);
  program::Outlines outlines = program::take_out(graph_, loop.part, std::span(&results, 1));
  frames_.keep_here(outlines.captured);
  program::Outline& outline = outlines.outlines[0];
  program::Body& body = *outline.body;
  if (!header.counter.empty()) body.index = outline.own[0];
  body.carried.assign(outline.own.begin() + 1, outline.own.end());
  body.next.assign(outline.results.begin(), outline.results.begin() + static_cast<std::ptrdiff_t>(before.size()));
  if (header.test) body.test = outline.results.back();
  Unpacker unpacker(graph_, graph_.loop(outline.body, header.count, outlines.captured, before, header.site));
  for (std::size_t k = 0; k < carried; ++k) variables.store(loop.names[k], unpacker.next(loop.shapes[k]));
  Counts counts = loop.of_body;
  for (const std::size_t k : summed) counts[k] = unpacker.next({});
  const NodeId most = graph_.constant(header.count);
  const NodeId rounds = header.test ? unpacker.next({}) : most;
  // The test is asked once more than it holds, unless the loop ends before that.
  const NodeId asked = graph_.apply(Op::min, {graph_.add(rounds, graph_.constant(1.0)), most});
  for (std::size_t k = 0; k < counts.size(); ++k) {
    if (std::ranges::find(summed, k) == summed.end() && !is_zero(counts[k])) counts[k] = graph_.mul(counts[k], rounds);
    if (!is_zero(loop.of_test[k])) counts[k] = graph_.add(counts[k], graph_.mul(loop.of_test[k], asked));
  }
  frames_.add(counts);
  return rounds;
}

}  // namespace optexplore::study
