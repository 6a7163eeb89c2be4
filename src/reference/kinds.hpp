#pragma once

#include <optexplore/catalog.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "reference/card.hpp"

namespace optexplore::reference {

/// A line of a list.
struct Entry {
  std::string name;
  std::string title;
  std::string searched = {};             ///< what a search looks at besides name and title
  std::string shown = {};                ///< for the name where people read it: "clip(v, lo, hi)"; empty: the name
  std::vector<std::string> groups = {};  ///< a rule's group, a function's tags
};

/// Whether `word` is part of what an entry's list line or its searched text says, in upper or lower case.
bool matches(const Entry& entry, const std::string& word);

/// A kind of things that have a name.
struct Kind {
  std::string_view name;                ///< in JSON, of a card: "rule"
  std::string_view plural;              ///< what lists them: "optimizers"
  std::string_view synonym;             ///< another word for that: "rules"
  std::string_view heading;             ///< above the list: "optimizers"
  std::vector<std::string> (*names)();  ///< all names, aliases included; nothing is read for them
  std::vector<Entry> (*entries)();
  Card (*card)(const std::string& name);  ///< of an entry or alias
  std::string (*overview)() = nullptr;    ///< a page on all of them, where there is one
  /// What their list is divided by: names and titles of groups, of which each entry has one.
  std::span<const catalog::RuleGroup> (*groups)() = nullptr;
};

/// All kinds, in the order in which list prints them: functions, optimizers, schedules, procedures, columns, then the
/// words of the language.
std::span<const Kind> kinds();

/// The kinds that a name stands for: "rules", "columns"; "language" is several. Empty for one that is none.
std::vector<const Kind*> find_kinds(std::string_view plural);

/// Names of all lists, for help and messages.
std::vector<std::string> kind_names();

/// The cards of everything that has this name or alias, whatever its kind; one of a file if it is "lib/mine.json", of a
/// definition if it is "f(x) = x^2". Throws InputError that names the nearest name of all kinds, IoError.
std::vector<Card> describe(const std::string& name);

}  // namespace optexplore::reference
