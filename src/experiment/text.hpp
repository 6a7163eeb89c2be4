#pragma once

#include <optexplore/catalog.hpp>
#include <optexplore/experiment.hpp>
#include <string>
#include <vector>

/// Parts of an experiment as what describe, check, diff and theory print has them.
namespace optexplore::experiment {

/// "0.5", "[1, 2]" or "[[1, 2], [3, 4]]".
std::string to_text(const Parameter& value);
/// "0.1", a schedule's text, or "(5 values, 0.1 to 1)".
std::string to_text(const Setting& setting);
/// "(1, 2)"; a single number for several coordinates is "(1, …, 1)", a long point is shortened.
std::string point_text(const std::vector<double>& point, std::size_t dim);
/// "[-5, 10] in each coordinate" or "[-5, 10] × [0, 15]".
std::string domain_text(const std::vector<Interval>& domain);

/// What a JSON document says about a function: name, title, definition, parameters, dimension, known minimum.
std::string to_json(const FunctionSpec& function);

}  // namespace optexplore::experiment
