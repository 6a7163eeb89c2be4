#include <algorithm>
#include <nlohmann/json.hpp>
#include <optexplore/error.hpp>

#include "catalog/combination.hpp"
#include "catalog/entries.hpp"
#include "catalog/parameters.hpp"
#include "experiment/function_spec.hpp"
#include "experiment/read.hpp"
#include "language/parser.hpp"
#include "text/caret.hpp"
#include "text/place.hpp"
#include "text/suggest.hpp"

namespace optexplore::experiment {
namespace {

FunctionEntry catalogue_function(const Cursor& name) {
  const std::string text = name.text();
  if (!catalog::names_function(text)) {
    text::with_place([&] { return name.place(); }, [&] { catalog::check_names(text); });
    name.fail(
        "expected a name of the catalogue, an expression of such names, a .json file or a definition such as "
        "f(x,y) = x^2 + y^2, found '" +
        text + "'");
  }
  return text::with_place([&] { return name.place(); }, [&] { return catalog::function(name.path()); });
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

/// What is known of a function's least value says nothing of its greatest.
void set_direction(FunctionEntry& entry, bool maximize) {
  if (entry.maximize == maximize) return;
  entry.maximize = maximize;
  entry.minimizers.clear();
  entry.minimum.reset();
}

struct Source {
  FunctionEntry entry;
  std::size_t given_dim = 0;  // by "dim"; 0: not given
};

Source read_source(const Cursor& cursor) {
  Source source;
  if (cursor.is_string()) {
    const std::string text = cursor.text();
    if (!language::looks_like_definition(text) || catalog::is_combination(text)) return {catalogue_function(cursor), 0};
    source.entry.definition = catalog::read_definition(cursor);
    source.entry.name = source.entry.definition.tree().name;
  } else if (cursor.has("definition")) {
    source.entry = catalog::read_function(cursor);
    source.given_dim = source.entry.dim;
  } else if (cursor.has("name")) {
    cursor.check_keys({"name", "dim", "params", "maximize", "definition"});
    source.entry = catalogue_function(cursor.member("name"));
    if (const auto params = cursor.find("params")) override_params(*params, source.entry);
    if (const auto dim = cursor.find("dim")) source.given_dim = dim->whole(1);
    if (const auto maximize = cursor.find("maximize")) set_direction(source.entry, maximize->boolean());
  } else if (cursor.is_object()) {
    cursor.fail("expected \"name\" (a function of the catalogue) or \"definition\"");
  } else {
    cursor.fail_expected("a definition such as \"f(x,y) = x^2 + y^2\", a catalogue name or an object");
  }
  return source;
}

/// The dimension that the config asks for; 0: it says nothing.
std::size_t resolve_dim(const Cursor& cursor, const Source& source, std::optional<std::size_t> start_length) {
  const language::Definition& definition = source.entry.definition.tree();
  if (definition.fixed_dim != 0) {
    if (source.given_dim != 0 && source.given_dim != definition.fixed_dim)
      cursor.member("dim").fail("the definition fixes the dimension at " + std::to_string(definition.fixed_dim) +
                                ", found " + std::to_string(source.given_dim));
    return definition.fixed_dim;
  }
  if (source.given_dim > max_dim) cursor.member("dim").fail(too_large);
  if (source.given_dim != 0) return source.given_dim;
  return start_length.value_or(0);
}

}  // namespace

FunctionSpec read_function_spec(const Cursor& cursor, std::optional<std::size_t> start_length, bool maximize) {
  Source source = read_source(cursor);
  if (maximize && !cursor.has("maximize")) set_direction(source.entry, true);
  const std::size_t dim = resolve_dim(cursor, source, start_length);
  const auto place = [&cursor](const char* key) {
    return cursor.has(key) ? cursor.member(key).place() : cursor.place();
  };
  FunctionSpec spec = make_function(std::move(source.entry), dim, place);
  spec.pointer = cursor.pointer();
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
        throw InputError("the function's name '" + names[i] + "' is also that of " +
                             places.name_or_pointer(functions[j].pointer) + "; give a definition a \"name\" of its own",
                         "", places.of(functions[i].pointer));
}

}  // namespace optexplore::experiment
