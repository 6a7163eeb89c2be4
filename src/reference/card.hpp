#pragma once

#include <optexplore/table.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace optexplore::reference {

/// Something that is known of an entry, for people, for programs, or for both.
struct Property {
  enum class Layout {
    wrapped,  ///< beside its label, on as many lines as it takes
    lines,    ///< below its label, line by line as they are, for copying
  };
  std::string key = {};    ///< in JSON; empty: only people read it
  std::string json = {};   ///< its value
  std::string label = {};  ///< in text
  std::string text = {};   ///< empty: only programs read it
  Layout layout = Layout::wrapped;
  std::size_t indent = 2;
};

/// All that is known of an entry: what describe prints, and list in JSON.
struct Card {
  std::string kind;   ///< "rule"
  std::string genre;  ///< the same for people: "update rule"
  std::string name;
  std::string title;
  std::vector<Property> properties;

  /// Each adds a property unless the text is empty: wrapped, with the same text in JSON.
  void add_text(std::string key, std::string label, const std::string& text);
  /// Names and the like: in text with commas between, in JSON an array.
  void add_list(std::string key, std::string label, const std::vector<std::string>& elements);
  /// Formulas on lines of their own, in JSON an array.
  void add_lines(std::string key, std::string label, const std::vector<std::string>& lines);
};

/// A page of at most `width` columns, formulas aside.
std::string to_text(const Card& card, std::size_t width);
/// An object on one line: kind, name, title and the properties with a key.
std::string to_json(const Card& card);
/// A row per property: kind, name, property, value.
Table to_table(const std::vector<Card>& cards);

/// Texts as a JSON array.
std::string json_texts(const std::vector<std::string>& texts);

}  // namespace optexplore::reference
