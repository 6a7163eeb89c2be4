#include "study/schedules.hpp"

#include "json/text.hpp"
#include "picture/schedule_picture.hpp"
#include "reference/entries.hpp"
#include "text/wrap.hpp"

namespace optexplore::reference {
namespace {

/// Wide enough to see the shape, narrow enough to stand beside a name.
constexpr std::size_t picture_width = 50;
constexpr std::size_t picture_steps = 100;

std::string schedule_picture(const ScheduleEntry& entry) {
  return picture::picture(study::schedule_values(entry.example, picture_steps), picture_width);
}

std::string signature(const ScheduleEntry& entry) {
  std::vector<std::string> arguments;
  for (const auto& [name, initial] : entry.params) arguments.push_back(name + (initial ? " = " + initial->text() : ""));
  return entry.name + "(" + text::join(arguments, ", ") + ")";
}

}  // namespace

std::vector<Entry> schedule_entries() {
  std::vector<Entry> entries;
  for (const std::string& name : catalog::schedule_names()) {
    const ScheduleEntry& entry = catalog::schedule(name);
    entries.push_back({name, entry.title, entry.reference});
  }
  return entries;
}

Card schedule_card(const std::string& name) {
  const ScheduleEntry& entry = catalog::schedule(name);
  Card card{"schedule", "schedule", name, entry.title, {}};
  json::JsonObject params;
  for (const auto& [param, initial] : entry.params) params.add(param, initial ? formula_json(*initial) : "null");
  std::vector<std::string> require;
  for (const Formula& condition : entry.require) require.push_back(condition.text());
  card.properties.push_back({"value", json::json_string(entry.value.text()), "value at update t", entry.value.text(),
                             Property::Layout::lines});
  card.add_text("signature", "arguments", signature(entry));
  card.properties.push_back({"params", params.close()});
  card.add_list("require", "requirements", require);
  card.properties.push_back({"example", json::json_string(entry.example), "example",
                             entry.example + " over " + std::to_string(picture_steps) + " updates:"});
  card.properties.push_back({.text = schedule_picture(entry)});
  card.properties.push_back(
      {.label = "use", .text = "-O 'sgd:lr=" + entry.example + "' or \"lr\": \"" + entry.example + "\""});
  card.add_text("note", "note", entry.note);
  card.add_text("reference", "reference", entry.reference);
  return card;
}

std::string schedule_overview() {
  std::string text =
      "schedules: functions of t, the number of the update, for any hyperparameter, as in\n"
      "-O 'sgd:lr=cosine_decay(0.1)'; \"steps\" is the run's length. Over 100 updates:\n";
  for (const std::string& name : catalog::schedule_names()) {
    const ScheduleEntry& entry = catalog::schedule(name);
    text += "\n  " + signature(entry) + "\n    " + entry.title + "\n    " + schedule_picture(entry) + "  " +
            entry.example + "\n";
  }
  return text;
}

}  // namespace optexplore::reference
