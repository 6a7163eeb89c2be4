#include <algorithm>
#include <optexplore/table.hpp>
#include <stdexcept>

namespace optexplore {

const char* to_string(Status status) {
  switch (status) {
    case Status::max_steps: return "max_steps";
    case Status::stopped: return "stopped";
    case Status::diverged: return "diverged";
    case Status::no_gradient: return "no_gradient";
    case Status::interrupted: return "interrupted";
  }
  return "";
}

std::size_t Schema::column(std::string_view name) const {
  const auto found = std::ranges::find(columns, name, &Column::name);
  if (found == columns.end()) throw std::out_of_range("no column '" + std::string(name) + "'");
  return static_cast<std::size_t>(found - columns.begin());
}

const Fact* Group::find(std::string_view name) const {
  const auto found = std::ranges::find(facts, name, &Fact::name);
  return found == facts.end() ? nullptr : &*found;
}

const std::string& Group::text(std::string_view name) const {
  const Fact* fact = find(name);
  if (fact == nullptr) throw std::out_of_range("no fact '" + std::string(name) + "'");
  return std::get<std::string>(fact->value);
}

const std::vector<Fact>& Group::facts_of(std::string_view name) const {
  const Fact* fact = find(name);
  if (fact == nullptr) throw std::out_of_range("no fact '" + std::string(name) + "'");
  return std::get<std::vector<Fact>>(fact->value);
}

std::shared_ptr<const std::vector<Values>> row_major(std::size_t columns) {
  std::vector<Values> values(columns);
  for (std::size_t c = 0; c < columns; ++c) {
    values[c].encoding = Values::Encoding::flat;
    values[c].offset = c;
    values[c].stride = columns;
  }
  return std::make_shared<const std::vector<Values>>(std::move(values));
}

Block Table::block() const {
  Block block;
  block.columns = row_major(schema.columns.size());
  block.numbers = numbers;
  block.rows = schema.columns.empty() ? 0 : numbers.size() / schema.columns.size();
  block.begins = true;
  return block;
}

}  // namespace optexplore
