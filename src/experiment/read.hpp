#pragma once

#include <optexplore/experiment.hpp>
#include <optional>
#include <string>
#include <vector>

#include "json/cursor.hpp"

// One reader per concern of a config. Each takes the value's cursor and throws InputError at its place.
namespace optexplore::experiment {

using json::Cursor;

/// A definition, a catalogue name, {"name", "dim", "params", "maximize"} or {"definition", …}.
/// @param start_length  the number of coordinates of the config's start, if it tells: the dimension of an
///                      f(x[n]) without "dim"
/// @param maximize      whether functions that don't say it are maximized
FunctionSpec read_function_spec(const Cursor& cursor, std::optional<std::size_t> start_length, bool maximize);

/// Makes the names of several functions unique by their dimension (rosenbrock n=2, rosenbrock n=10).
void name_functions(std::vector<FunctionSpec>& functions, const json::Places& places);

/// The number of coordinates that a "start" has by itself; nothing for one number, a domain, or a malformed one.
std::optional<std::size_t> start_length(const Cursor& cursor);

/// A point, one number for every coordinate, or {"points"}, {"grid"}, {"uniform","count"}, {"normal","count"},
/// {"domain"}; checked against every function.
StartSpec read_start(const Cursor& cursor, const std::vector<FunctionSpec>& functions);

/// The value of a hyperparameter: number, true/false, schedule, list, or {"linear"|"log"|"uniform"|"loguniform"}.
/// @param samples  how many values the random kinds draw
Setting read_setting(const Cursor& cursor, std::uint64_t samples);

/// A setting as labels show it: 0.1, [0.1,0.2], linear(0.1,1,5), or the text of a schedule or a choice.
std::string setting_text(const Setting& setting);

/// All optimizers, with their labels.
std::vector<OptimizerSpec> read_optimizers(const Cursor& cursor, const json::Places& places);

/// "exact", "central" or "forward".
GradientMode read_gradient_mode(const Cursor& cursor);
/// "float64", "float32", "float16" or "bfloat16".
Precision read_precision(const Cursor& cursor);
/// As read_precision() reads it.
const char* to_string(Precision precision);
/// The h of differences, above 0.
double read_difference_step(const Cursor& cursor);
/// As read_gradient_mode() reads it.
const char* to_string(GradientMode mode);

/// Gives every optimizer without a label its type, and the settings that differ where that isn't unique.
/// @throws InputError when two labels are equal
void label_optimizers(std::vector<OptimizerSpec>& optimizers, const json::Places& places);

/// "step", "state.m" or "name=expression".
ColumnSpec read_column(const Cursor& cursor);

}  // namespace optexplore::experiment
