#include <optexplore/version.hpp>
#include <string>
#include <utility>
#include <vector>

#include "json/text.hpp"
#include "os/spool.hpp"
#include "output/rows.hpp"
#include "output/writers.hpp"

namespace optexplore::output {
namespace {

json::JsonObject facts_object(const std::vector<Fact>& facts);

std::string value_json(const Fact& fact) {
  if (const auto* number = std::get_if<double>(&fact.value)) return json::json_number(*number);
  if (const auto* whole = std::get_if<std::uint64_t>(&fact.value)) return std::to_string(*whole);
  if (const auto* text = std::get_if<std::string>(&fact.value)) return json::json_string(*text);
  return facts_object(std::get<std::vector<Fact>>(fact.value)).close();
}

json::JsonObject facts_object(const std::vector<Fact>& facts) {
  json::JsonObject object;
  for (const Fact& fact : facts) object.add(fact.name, value_json(fact));
  return object;
}

/// One document, column by column: what plotting programs and data frames want. What ends a trajectory stands before
/// its data, so the data wait in a spool until the last block has come.
class Json : public Writer {
 public:
  Json(const Schema& schema, const WriteOptions& options)
      : grouped_(schema.grouped),
        head_(schema.head),
        texts_(schema, json::json_style(options.precision), json::json_string),
        spool_(0) {
    for (std::size_t c = 0; c < schema.columns.size(); ++c) {
      if (grouped_ && schema.columns[c].of_group) continue;
      columns_.push_back(c);
      names_.push_back(json::json_string(schema.columns[c].name));
    }
    if (!grouped_) spool_.reset(columns_.size());
  }

  void begin(os::Sink& sink) override {
    std::string text = "{\"optexplore\":" + json::json_string(version);
    for (const auto& [name, value] : head_) text += ",\n" + json::json_string(name) + ":" + value;
    sink.write(text + (grouped_ ? ",\n\"trajectories\":[" : ",\n"));
  }

  /// One part per column that is written: its values, separated by commas.
  [[nodiscard]] Parts render(const Block& block) const override {
    Parts parts;
    for (const std::size_t k : shown(block)) {
      RowTemplate row;
      texts_.add(row, block, columns_[k], "null");
      row.text(",");
      parts.push_back(row.render(block, texts_.style()));
      if (!parts.back().empty()) parts.back().pop_back();
    }
    return parts;
  }

  void write(const Block& block, Parts parts, os::Sink& sink) override {
    if (grouped_ && block.begins) spool_.reset(parts.size());
    for (std::size_t c = 0; c < parts.size(); ++c) {
      if (parts[c].empty()) continue;
      if (!spool_.empty(c)) spool_.append(c, ",");
      spool_.append(c, parts[c]);
    }
    if (grouped_ && block.ending) write_group(block, sink);
  }

  void end(os::Sink& sink) override {
    if (grouped_) {
      sink.write("]}\n");
      return;
    }
    write_data(names_, sink);
    sink.write("}\n");
  }

 private:
  /// Which of columns_ a block has: a group leaves out what is absent in it, as it has a head of its own.
  [[nodiscard]] std::vector<std::size_t> shown(const Block& block) const {
    std::vector<std::size_t> places;
    for (std::size_t k = 0; k < columns_.size(); ++k)
      if (!grouped_ || (*block.columns)[columns_[k]].encoding != Values::Encoding::absent) places.push_back(k);
    return places;
  }

  void write_group(const Block& last, os::Sink& sink) {
    std::vector<std::string> names;
    for (const std::size_t k : shown(last)) names.push_back(names_[k]);
    sink.write(std::exchange(separator_, ",\n"));
    sink.write(facts_object(last.group->facts).add_string("status", to_string(last.ending->status)).open() + ",");
    write_data(names, sink);
    sink.write("}");
  }

  void write_data(const std::vector<std::string>& names, os::Sink& sink) {
    sink.write("\"columns\":[");
    for (std::size_t c = 0; c < names.size(); ++c) sink.write((c > 0 ? "," : "") + names[c]);
    sink.write("],\n\"data\":{");
    for (std::size_t c = 0; c < names.size(); ++c) {
      sink.write((c > 0 ? ",\n" : "\n") + names[c] + ":[");
      spool_.copy_to(c, sink);
      sink.write("]");
    }
    sink.write("}");
  }

  bool grouped_;
  std::vector<std::pair<std::string, std::string>> head_;
  ColumnTexts texts_;
  std::vector<std::size_t> columns_;  ///< those that are written
  std::vector<std::string> names_;    ///< of them, quoted
  os::Spool spool_;
  std::string separator_ = "\n";  ///< before the next group
};

}  // namespace

std::unique_ptr<Writer> make_json(const Schema& schema, const WriteOptions& options) {
  return std::make_unique<Json>(schema, options);
}

}  // namespace optexplore::output
