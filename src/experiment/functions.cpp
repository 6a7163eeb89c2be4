#include <algorithm>
#include <nlohmann/json.hpp>
#include <optexplore/error.hpp>

#include "catalog/entries.hpp"
#include "catalog/parameters.hpp"
#include "experiment/read.hpp"
#include "language/parser.hpp"
#include "text/suggest.hpp"

namespace optexplore::experiment {
namespace {

constexpr std::size_t max_named_coordinates = 100'000;
constexpr std::size_t max_dim = 10'000'000;  // a point is 80 MB; beyond, a slip of the keyboard

FunctionEntry catalogue_function(const Cursor& name) {
  const std::string text = name.text();
  if (!language::is_identifier(text) && !text.ends_with(".json"))
    name.fail("expected a name of the catalogue, a .json file or a definition such as f(x,y) = x^2 + y^2, found '" +
              text + "'");
  try {
    return catalog::function(text);
  } catch (const InputError& error) {
    throw error.at(name.place());
  }
}

/// Replaces the catalogue's parameters by the user's.
void override_params(const Cursor& cursor, FunctionEntry& entry) {
  std::vector<std::string> known;
  for (const auto& [name, value] : entry.params) known.push_back(name);
  for (const std::string& key : cursor.keys()) {
    const auto found = std::find(known.begin(), known.end(), key);
    if (found == known.end()) {
      std::string all;
      for (const std::string& name : known) all += (all.empty() ? "" : ", ") + name;
      const std::string hint = text::did_you_mean(key, known);
      cursor.fail_key(key, entry.name + " has no parameter '" + key + "' " +
                               (all.empty() ? "(it has none)" : "(it has: " + all + ")") + hint);
    }
    entry.params[static_cast<std::size_t>(found - known.begin())].second = catalog::read_parameter(cursor.member(key));
  }
  if (cursor.json().empty()) return;
  // Numbers that are known about the function hold for the catalogue's parameters.
  std::erase_if(entry.minimizers, [](const auto& point) { return std::holds_alternative<std::vector<double>>(point); });
  if (entry.minimum && std::holds_alternative<double>(*entry.minimum)) entry.minimum.reset();
}

struct Source {
  FunctionEntry entry;
  std::size_t given_dim = 0;  // by "dim"; 0: not given
};

Source read_source(const Cursor& cursor) {
  Source source;
  if (cursor.is_string()) {
    const std::string text = cursor.text();
    if (!language::looks_like_definition(text)) return {catalogue_function(cursor), 0};
    source.entry.definition = text;
    source.entry.name = catalog::read_definition(cursor).name;
  } else if (cursor.has("definition")) {
    source.entry = catalog::read_function(cursor);
    source.given_dim = source.entry.dim;
  } else if (cursor.has("name")) {
    cursor.check_keys({"name", "dim", "params", "definition"});
    source.entry = catalogue_function(cursor.member("name"));
    if (const auto params = cursor.find("params")) override_params(*params, source.entry);
    if (const auto dim = cursor.find("dim")) source.given_dim = dim->whole(1);
  } else if (cursor.is_object()) {
    cursor.fail("expected \"name\" (a function of the catalogue) or \"definition\"");
  } else {
    cursor.fail_expected("a definition such as \"f(x,y) = x^2 + y^2\", a catalogue name or an object");
  }
  return source;
}

std::size_t resolve_dim(const Cursor& cursor, const Source& source, const language::Definition& definition,
                        std::optional<std::size_t> start_length) {
  if (definition.fixed_dim != 0) {
    if (source.given_dim != 0 && source.given_dim != definition.fixed_dim)
      cursor.member("dim").fail("the definition fixes the dimension at " + std::to_string(definition.fixed_dim) +
                                ", found " + std::to_string(source.given_dim));
    if (definition.fixed_dim > max_dim) cursor.fail("expected at most 10000000 dimensions");
    return definition.fixed_dim;
  }
  if (source.given_dim > max_dim) cursor.member("dim").fail("expected at most 10000000 dimensions");
  if (source.given_dim != 0) return source.given_dim;
  if (start_length) return *start_length;
  if (source.entry.dim != 0) return source.entry.dim;
  cursor.fail("the dimension of " + definition.name + "(" + definition.vector + "[" + definition.dim_name +
              "]) is not known; add \"dim\" to the function, or a start with all coordinates");
}

std::vector<std::string> coordinate_names(const language::Definition& definition, std::size_t dim) {
  if (definition.vector.empty()) return definition.coordinates;
  std::vector<std::string> names;
  if (dim > max_named_coordinates) return names;
  names.reserve(dim);
  for (std::size_t i = 1; i <= dim; ++i) names.push_back(definition.vector + std::to_string(i));
  return names;
}

/// Makes what the entry says per coordinate fit the dimension, and drops knowledge that another dimension has.
void fit(const Cursor& cursor, FunctionEntry& entry, std::size_t dim) {
  if (!entry.gradient.empty() && entry.gradient.size() != dim)
    cursor.member("gradient")
        .fail("expected one partial derivative per coordinate (" + std::to_string(dim) + "), found " +
              std::to_string(entry.gradient.size()));
  if (entry.domain.size() > 1 && entry.domain.size() != dim)
    cursor.fail("the domain has " + std::to_string(entry.domain.size()) + " intervals for " + std::to_string(dim) +
                " coordinates");
  // A start of several numbers is a pattern: Rosenbrock's -1.2, 1 alternates in any dimension.
  if (const std::vector<double> pattern = entry.start; pattern.size() > 1 && pattern.size() != dim) {
    entry.start.resize(dim);
    for (std::size_t i = 0; i < dim; ++i) entry.start[i] = pattern[i % pattern.size()];
  }
}

/// What is known in this dimension and with these parameters.
void resolve_knowledge(const Cursor& cursor, FunctionSpec& spec) {
  const FunctionEntry& entry = spec.entry;
  const auto value = [&](const std::string& text, const char* key) {
    try {
      return catalog::evaluate(text, entry.params, spec.dim);
    } catch (const InputError& error) {
      throw error.at(cursor.has(key) ? cursor.member(key).place() : cursor.place());
    }
  };
  for (const auto& minimizer : entry.minimizers) {
    if (const auto* text = std::get_if<std::string>(&minimizer)) {
      spec.minimizers.push_back(value(*text, "minimizers"));
    } else if (const auto& point = std::get<std::vector<double>>(minimizer);
               point.size() == 1 || point.size() == spec.dim) {
      spec.minimizers.push_back(point);
    }
  }
  if (!entry.minimum) return;
  if (const auto* text = std::get_if<std::string>(&*entry.minimum))
    spec.minimum = value(*text, "minimum").front();
  else if (!spec.minimizers.empty() || entry.minimizers.empty())
    spec.minimum = std::get<double>(*entry.minimum);
}

}  // namespace

FunctionSpec read_function_spec(const Cursor& cursor, std::optional<std::size_t> start_length) {
  Source source = read_source(cursor);
  const language::Definition definition = language::parse_definition(source.entry.definition);
  FunctionSpec spec;
  spec.pointer = cursor.pointer();
  spec.dim = resolve_dim(cursor, source, definition, start_length);
  spec.coordinates = coordinate_names(definition, spec.dim);
  spec.entry = std::move(source.entry);
  fit(cursor, spec.entry, spec.dim);
  resolve_knowledge(cursor, spec);
  return spec;
}

void name_functions(std::vector<FunctionSpec>& functions, const json::Places& places) {
  std::vector<std::string> names;
  for (const FunctionSpec& spec : functions) names.push_back(spec.entry.name);
  for (std::size_t i = 0; i < names.size(); ++i)
    if (std::count(names.begin(), names.end(), names[i]) > 1)
      functions[i].entry.name += " n=" + std::to_string(functions[i].dim);
  for (std::size_t i = 0; i < functions.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (functions[i].entry.name == functions[j].entry.name)
        throw InputError("the function's name '" + names[i] + "' is also that of " + places.of(functions[j].pointer) +
                             "; give a definition a \"name\" of its own",
                         "", places.of(functions[i].pointer));
}

}  // namespace optexplore::experiment
