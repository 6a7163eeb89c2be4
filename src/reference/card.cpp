#include "reference/card.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "json/text.hpp"
#include "text/wrap.hpp"

namespace optexplore::reference {
namespace {

/// Where the texts of a description begin; further right below a label of a second level.
std::size_t text_column(std::size_t indent) { return indent > 2 ? 23 : 19; }

std::vector<std::string> split_lines(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

std::string to_text(const Property& property, std::size_t width) {
  if (property.text.empty()) return "";
  if (property.layout == Property::Layout::wrapped)
    return text::field(property.label, property.text, text_column(property.indent), property.indent, width);
  const std::string indent(property.indent, ' ');
  std::string text = property.label.empty() ? "" : indent + property.label + "\n";
  for (const std::string& line : split_lines(property.text)) text += indent + "  " + line + "\n";
  return text;
}

/// What tables show of a property: each line of formulas, texts without quotes; nothing of what is empty.
std::vector<std::string> cells(const Property& property) {
  if (property.key.empty()) return {};
  if (property.layout == Property::Layout::lines) return split_lines(property.text);
  const nlohmann::json value = nlohmann::json::parse(property.json);
  if (value.is_string()) return {value.get<std::string>()};
  if ((value.is_structured() && value.empty()) || value.is_null()) return {};
  const bool texts = value.is_array() && std::ranges::all_of(value, [](const auto& each) { return each.is_string(); });
  return {texts ? text::join(value.get<std::vector<std::string>>(), ", ") : property.json};
}

}  // namespace

void Card::add_text(std::string key, std::string label, const std::string& text) {
  if (!text.empty()) properties.push_back({std::move(key), json::json_string(text), std::move(label), text});
}

void Card::add_list(std::string key, std::string label, const std::vector<std::string>& elements) {
  properties.push_back({std::move(key), json_texts(elements), std::move(label), text::join(elements, ", ")});
}

void Card::add_lines(std::string key, std::string label, const std::vector<std::string>& lines) {
  properties.push_back(
      {std::move(key), json_texts(lines), std::move(label), text::join(lines, "\n"), Property::Layout::lines});
}

std::string to_text(const Card& card, std::size_t width) {
  const std::string heading = card.name + " (" + card.genre + ")" + (card.title.empty() ? "" : ": " + card.title);
  std::string text = text::wrapped(heading, 0, width) + "\n";
  for (const Property& property : card.properties) text += to_text(property, width);
  return text;
}

std::string to_json(const Card& card) {
  json::JsonObject object;
  object.add_string("kind", card.kind).add_string("name", card.name).add_string("title", card.title);
  for (const Property& property : card.properties)
    if (!property.key.empty()) object.add(property.key, property.json);
  return object.close();
}

Table to_table(const std::vector<Card>& cards) {
  Table table;
  for (const char* name : {"kind", "name", "property", "value"})
    table.schema.columns.push_back({name, Column::Kind::text});
  const auto add = [&table](const Card& card, const std::string& property, const std::string& value) {
    const std::string* const cells[] = {&card.kind, &card.name, &property, &value};
    for (std::size_t k = 0; k < std::size(cells); ++k) {
      std::vector<std::string>& labels = table.schema.columns[k].labels;
      if (labels.empty() || labels.back() != *cells[k]) labels.push_back(*cells[k]);
      table.numbers.push_back(static_cast<double>(labels.size() - 1));
    }
  };
  for (const Card& card : cards) {
    add(card, "title", card.title);
    for (const Property& property : card.properties)
      for (const std::string& value : cells(property)) add(card, property.key, value);
  }
  return table;
}

std::string json_texts(const std::vector<std::string>& texts) {
  std::string array = "[";
  for (const std::string& text : texts) array += (array.size() > 1 ? "," : "") + json::json_string(text);
  return array + "]";
}

}  // namespace optexplore::reference
