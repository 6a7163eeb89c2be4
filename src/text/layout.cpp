#include "text/layout.hpp"

#include <algorithm>

#include "text/number.hpp"

namespace optexplore::text {
namespace {

/// More coordinates than this are not read, only counted.
constexpr std::size_t most_coordinates = 12;

/// Stands for a space in unbroken text; no text has it by itself.
constexpr char kept_space = '\x1F';

template <class Elements>
std::string bracketed(const Elements& elements) {
  std::vector<std::string> texts;
  for (const auto& element : elements) texts.push_back(to_text(Parameter(element)));
  return "[" + join(texts, ", ") + "]";
}

std::string variation_text(const Variation& variation) {
  std::vector<std::string> values;
  for (const double value : variation.values) values.push_back(to_text(value));
  const std::string range = to_text(variation.low) + " to " + to_text(variation.high);
  const std::string count = std::to_string(variation.size);
  switch (variation.kind) {
    case Variation::Kind::list: return "one of " + join(values, ", ");
    case Variation::Kind::linear: return count + " values, " + range;
    case Variation::Kind::log: return count + " values, " + range + ", logarithmic";
    case Variation::Kind::uniform: return "uniform, " + range;
    case Variation::Kind::loguniform: return "loguniform, " + range;
  }
  return "";
}

}  // namespace

std::size_t display_width(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string pad(std::string_view text, std::size_t width) {
  const std::size_t used = display_width(text);
  return std::string(text) + std::string(used < width ? width - used : 0, ' ');
}

std::string field(std::string_view name, std::string_view text, std::size_t column, std::size_t indent) {
  std::string result = std::string(indent, ' ') + std::string(name);
  std::size_t used = display_width(result);
  // A name too long for its place gets a line of its own.
  if (used + 2 > column) {
    result += "\n";
    used = 0;
  }
  result += std::string(column - used, ' ');
  used = column;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find_first_of(" \n", begin), text.size());
    const std::string_view word = text.substr(begin, end - begin);
    if (used > column && used + 1 + display_width(word) > page_width) {
      result += "\n" + std::string(column, ' ');
      used = column;
    }
    if (used > column) {
      result += ' ';
      ++used;
    }
    result += word;
    used += display_width(word);
    begin = end + 1;
  }
  std::ranges::replace(result, kept_space, ' ');
  return result + "\n";
}

std::string unbroken(std::string text) {
  std::ranges::replace(text, ' ', kept_space);
  return text;
}

std::string join(const std::vector<std::string>& elements, std::string_view separator) {
  std::string text;
  for (const std::string& element : elements) {
    if (&element != &elements.front()) text += separator;
    text += element;
  }
  return text;
}

std::string to_text(double value) {
  std::string text;
  text::append_number(text, value);
  // "1e-8", as people write it, not "1e-08".
  const std::size_t exponent = text.find('e');
  if (exponent != std::string::npos && text[exponent + 2] == '0') text.erase(exponent + 2, 1);
  return text;
}

std::string to_text(const Parameter& value) {
  if (const auto* number = std::get_if<double>(&value)) return to_text(*number);
  if (const auto* vector = std::get_if<std::vector<double>>(&value)) return bracketed(*vector);
  return bracketed(std::get<std::vector<std::vector<double>>>(value));
}

std::string to_text(const Setting& setting) {
  if (const auto* number = std::get_if<double>(&setting)) return to_text(*number);
  if (const auto* schedule = std::get_if<Formula>(&setting)) return schedule->text();
  if (const auto* choice = std::get_if<Choice>(&setting)) return choice->name;
  return "(" + variation_text(std::get<Variation>(setting)) + ")";
}

std::string point_text(const std::vector<double>& point, std::size_t dim) {
  if (point.size() == 1 && dim != 1) {
    const std::string one = to_text(point[0]);
    return dim == 2 ? "(" + one + ", " + one + ")" : "(" + one + ", …, " + one + ")";
  }
  std::vector<std::string> texts;
  for (const double coordinate : point) {
    if (texts.size() == most_coordinates) {
      texts.emplace_back("…");
      break;
    }
    texts.push_back(to_text(coordinate));
  }
  return "(" + join(texts, ", ") + ")";
}

std::string domain_text(const std::vector<Interval>& domain) {
  std::vector<std::string> texts;
  for (const Interval& interval : domain) {
    texts.push_back("[" + to_text(interval.low) + ", " + to_text(interval.high) + "]");
  }
  return join(texts, " × ") + (domain.size() == 1 ? " in each coordinate" : "");
}

}  // namespace optexplore::text
