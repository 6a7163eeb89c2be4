#include <algorithm>
#include <nlohmann/json.hpp>

#include "catalog/entries.hpp"
#include "experiment/read.hpp"
#include "experiment/text.hpp"
#include "text/number.hpp"
#include "text/place.hpp"
#include "text/wrap.hpp"

namespace optexplore::experiment {
namespace {

using Kind = Variation::Kind;

struct KindRow {
  const char* key;
  Kind kind;
  bool random;
  bool positive;  // the ends must be above 0: values are spread over orders of magnitude
};
constexpr KindRow kinds[] = {{"linear", Kind::linear, false, false},
                             {"log", Kind::log, false, true},
                             {"uniform", Kind::uniform, true, false},
                             {"loguniform", Kind::loguniform, true, true}};

Variation read_range(const Cursor& cursor, const KindRow& row, std::uint64_t samples) {
  const std::size_t length = row.random ? 2 : 3;
  if (!cursor.is_array() || cursor.json().size() != length)
    cursor.fail(row.random ? "expected [low, high]" : "expected [first, last, number of values]");
  const std::vector<Cursor> parts = cursor.elements();
  Variation variation;
  variation.kind = row.kind;
  variation.low = catalog::read_number(parts[0]);
  variation.high = catalog::read_number(parts[1]);
  for (std::size_t i = 0; i < 2; ++i)
    if (row.positive && !((i == 0 ? variation.low : variation.high) > 0)) parts[i].fail_expected("a number above 0");
  if (row.random && !(variation.low < variation.high)) cursor.fail("expected [low, high] with low < high");
  if (!row.random && variation.low > variation.high) cursor.fail("expected [first, last, number] with first <= last");
  variation.size = row.random ? samples : parts[2].whole(1);
  if (variation.size == 1 && !row.random && variation.low != variation.high) cursor.fail("one value needs equal ends");
  return variation;
}

Variation read_variation(const Cursor& cursor, std::uint64_t samples) {
  cursor.check_keys({"linear", "log", "uniform", "loguniform"});
  if (cursor.json().size() != 1) cursor.fail("expected exactly one of linear, log, uniform and loguniform");
  for (const KindRow& row : kinds)
    if (const auto range = cursor.find(row.key)) return read_range(*range, row, samples);
  return {};  // not reached: check_keys let one of them pass
}

std::string variation_text(const Variation& variation) {
  if (variation.kind == Kind::list) {
    std::vector<std::string> texts;
    for (const double value : variation.values) texts.push_back(text::to_text(value));
    for (const Formula& formula : variation.formulas) texts.push_back(formula.text());
    return "[" + text::join(texts, ",") + "]";
  }
  const KindRow& row = kinds[static_cast<std::size_t>(variation.kind) - 1];
  return std::string(row.key) + "(" + text::to_text(variation.low) + "," + text::to_text(variation.high) +
         (row.random ? "" : "," + std::to_string(variation.size)) + ")";
}

/// The text of a number, of an expression, or of a vector of them.
std::string formula_text(const Cursor& cursor) {
  if (cursor.is_string()) return cursor.text();
  if (cursor.is_number()) return text::to_text(cursor.number());
  if (!cursor.is_array()) cursor.fail_expected("a number, an expression or a list of them");
  std::vector<std::string> texts;
  for (const Cursor& element : cursor.elements()) texts.push_back(formula_text(element));
  if (texts.empty()) cursor.fail("expected at least one number");
  return "[" + text::join(texts, ", ") + "]";
}

Formula read_formula(const Cursor& cursor) {
  return text::with_place([&] { return cursor.place(); }, [&] { return Formula::read(formula_text(cursor)); });
}

/// Values to go through. One of them may be a vector, with a number for each coordinate, or a schedule; a list of one
/// is that value.
Setting read_list(const Cursor& cursor) {
  const std::vector<Cursor> elements = cursor.elements();
  if (elements.empty()) cursor.fail("expected at least one value");
  Variation list;
  if (std::ranges::none_of(elements, [](const Cursor& each) { return each.is_array() || each.is_string(); })) {
    list.values = cursor.numbers();
    return list;
  }
  if (elements.size() == 1) return read_formula(elements.front());
  for (const Cursor& element : elements) list.formulas.push_back(read_formula(element));
  return list;
}

}  // namespace

Setting read_setting(const Cursor& cursor, std::uint64_t samples) {
  if (cursor.is_object()) return read_variation(cursor, samples);
  if (cursor.is_array()) return read_list(cursor);
  if (!cursor.is_number() && !cursor.is_boolean() && !cursor.is_string() && !cursor.json().is_null())
    cursor.fail_expected(
        "a number, true, false, an expression, a list of them or an object such as "
        "{\"linear\": [first, last, number of values]}");
  return std::visit([](auto value) { return Setting(std::move(value)); }, catalog::read_default(cursor));
}

std::string setting_text(const Setting& setting) {
  if (const auto* variation = std::get_if<Variation>(&setting)) return variation_text(*variation);
  return to_text(setting);
}

}  // namespace optexplore::experiment
