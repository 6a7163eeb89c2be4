#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "experiment/overrides.hpp"
#include "json/cursor.hpp"

namespace optexplore::experiment {

/// A config as JSON, after flags have edited it, with the flags' names for what they wrote. One validator
/// reads it, whether a value came from a file or from the command line.
struct Document {
  json::Json& root;
  json::Places places;

  /// Puts `value` at `pointer` (whose parent exists) and calls it `place` in messages.
  void write(const std::string& pointer, json::Json value, const std::string& place);
};

/// The config's keys.
const std::vector<std::string>& config_keys();

/// The keys of an optimizer that are no hyperparameters of its rules.
const std::vector<std::string>& optimizer_keys();

/// Edits `document` as the flags say: first the flags with a name of their own, then every --set in order.
/// @throws InputError naming the flag
void apply_overrides(Document& document, const Overrides& overrides);

/// `--set PATH=VALUE` alone; see set.cpp for what a path may be.
void apply_set(Document& document, const std::string& text);

/// `-O` with the i-th text becomes /optimizers/i.
void apply_optimizer_flag(Document& document, std::size_t index, const std::string& text, const std::string& flag);

/// Replaces texts that say what a flag would, "sgd:lr=0.1" for an optimizer, "step,f" for columns, "rosenbrock:dim=4",
/// "-7,2", by the JSON that they mean. @throws InputError at their places
void spell_out(Document& document);

/// An optimizer typed in a flag: TYPE[:key=value,…][ | TYPE…] or JSON. @throws InputError at `place`
json::Json optimizer_value(const std::string& text, const std::string& place);

/// A value typed in a flag: JSON if it is JSON, else the text itself. What begins like an object, an array
/// or a quoted string must be JSON. @throws InputError at `place`
json::Json flag_value(std::string_view text, const std::string& place);

/// A start typed in a flag: "-7,2" or JSON. @throws InputError at `place`
json::Json start_value(std::string_view text, const std::string& place);

/// Columns typed in a flag, separated by commas outside brackets.
json::Json columns_value(std::string_view text, const std::string& place);

/// A function typed in a flag: a definition, or a catalogue name with settings, as in
/// "rosenbrock:dim=10,a=2", where keys other than dim are the function's parameters.
json::Json function_value(std::string_view text, const std::string& place);

/// Splits at `separator` outside brackets of any kind and outside double quotes; pieces are trimmed.
std::vector<std::string> split_top_level(std::string_view text, char separator);

/// Without white space at both ends.
std::string_view trimmed(std::string_view text);

}  // namespace optexplore::experiment
