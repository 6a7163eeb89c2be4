#include <optexplore/version.hpp>
#include <string>
#include <utility>
#include <vector>

#include "json/text.hpp"
#include "os/spool.hpp"
#include "study/expansion.hpp"
#include "table/blocks.hpp"
#include "table/formats.hpp"
#include "table/rows.hpp"

namespace optexplore::table {
namespace {

std::string hyperparameters(const TrajectoryInfo& trajectory) {
  json::JsonObject object;
  for (const auto& [name, value] : trajectory.hyperparameters) {
    if (const auto* number = std::get_if<double>(&value)) {
      object.add(name, json::json_number(*number));
    } else {
      object.add_string(name, std::get<std::string>(value));
    }
  }
  return object.close();
}

/// One document, column by column: what plotting programs and data frames want. The status of a
/// trajectory stands before its data, so the data wait in a spool until the last block has come.
class Json : public Format {
 public:
  explicit Json(Document document)
      : document_(std::move(document)),
        style_(json::json_style(document_.options.precision)),
        columns_(block_columns(document_)),
        several_functions_(document_.experiment->functions.size() > 1),
        several_runs_(study::several_runs(*document_.experiment)),
        spool_(0) {}

  void begin(os::Sink& sink) override {
    std::string text = "{\"optexplore\":" + json::json_string(version);
    if (several_functions_) {
      text += ",\n\"functions\":[";
      for (const FunctionSpec& function : document_.experiment->functions) {
        text += (text.back() == '[' ? "\n" : ",\n") + json::json_function(function);
      }
      text += "]";
    } else {
      text += ",\n\"function\":" + json::json_function(document_.experiment->functions.front());
    }
    text += ",\n\"steps\":" + std::to_string(document_.experiment->steps);
    sink.write(text + ",\n\"trajectories\":[");
  }

  /// One part per column that this trajectory has: its numbers, separated by commas.
  [[nodiscard]] Piece render(RowBlock block) const override {
    Piece piece;
    const std::size_t width = block.rows == 0 ? 0 : block.values.size() / block.rows;
    for (const BlockColumn& column : columns_) {
      if (!block.trajectory->present[column.column]) continue;
      const ColumnInfo& info = document_.columns[column.column];
      if (info.kind == ColumnInfo::Kind::choice) {
        piece.parts.push_back(choices_text(block, column, info));
        continue;
      }
      const bool integer = info.kind == ColumnInfo::Kind::integer;
      std::string text((text::max_number_length + 1) * block.rows, '\0');
      char* out = text.data();
      for (std::size_t row = 0; row < block.rows; ++row) {
        if (row > 0) *out++ = ',';
        const double value = block.values[row * width + column.value];
        out = integer ? text::write_integer(out, value, style_) : text::write_number(out, value, style_);
      }
      text.resize(static_cast<std::size_t>(out - text.data()));
      piece.parts.push_back(std::move(text));
    }
    piece.block = std::move(block);
    piece.block.values = {};
    return piece;
  }

  void write(Piece piece, os::Sink& sink) override {
    if (piece.block.first) spool_.reset(piece.parts.size());
    for (std::size_t c = 0; c < piece.parts.size(); ++c) {
      if (piece.parts[c].empty()) continue;
      if (!spool_.empty(c)) spool_.append(c, ",");
      spool_.append(c, piece.parts[c]);
    }
    if (piece.block.last) write_trajectory(piece.block, sink);
  }

  void end(os::Sink& sink) override { sink.write("]}\n"); }

 private:
  static std::string choices_text(const RowBlock& block, const BlockColumn& column, const ColumnInfo& info) {
    const std::vector<std::string> labels = quoted_labels(info, json::json_string);
    const std::size_t width = block.rows == 0 ? 0 : block.values.size() / block.rows;
    std::string text;
    for (std::size_t row = 0; row < block.rows; ++row) {
      if (row > 0) text += ',';
      text += labels[static_cast<std::size_t>(block.values[row * width + column.value])];
    }
    return text;
  }

  void write_trajectory(const RowBlock& last, os::Sink& sink) {
    const TrajectoryInfo& trajectory = *last.trajectory;
    std::vector<std::string> names;
    for (const BlockColumn& column : columns_) {
      if (!trajectory.present[column.column]) continue;
      names.push_back(json::json_string(document_.columns[column.column].name));
    }
    sink.write(std::exchange(separator_, ",\n"));
    sink.write(head(last).open() + ",\"columns\":[");
    for (std::size_t c = 0; c < names.size(); ++c) sink.write((c > 0 ? "," : "") + names[c]);
    sink.write("],\n\"data\":{");
    for (std::size_t c = 0; c < names.size(); ++c) {
      sink.write((c > 0 ? ",\n" : "\n") + names[c] + ":[");
      spool_.copy_to(c, sink);
      sink.write("]");
    }
    sink.write("}}");
  }

  [[nodiscard]] json::JsonObject head(const RowBlock& last) const {
    const TrajectoryInfo& trajectory = *last.trajectory;
    json::JsonObject object;
    object.add_string("optimizer", trajectory.optimizer).add_string("type", trajectory.type);
    if (several_functions_) object.add_string("function", trajectory.function);
    if (several_runs_) object.add("run", std::to_string(trajectory.run));
    if (document_.experiment->seeds > 1) object.add("seed", std::to_string(trajectory.seed));
    object.add("hyperparameters", hyperparameters(trajectory));
    object.add_string("status", to_string(last.status));
    return object;
  }

  Document document_;
  text::NumberStyle style_;
  std::vector<BlockColumn> columns_;
  bool several_functions_;
  bool several_runs_;
  os::Spool spool_;
  std::string separator_ = "\n";  ///< before the next trajectory
};

}  // namespace

std::unique_ptr<Format> make_json(Document document) { return std::make_unique<Json>(std::move(document)); }

}  // namespace optexplore::table
