#include "mote/run/table_import.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <map>
#include <optional>

#include "mote/base/check.h"
#include "mote/base/error.h"
#include "mote/base/file.h"
#include "mote/run/table_import_record.h"

namespace mote {
namespace {

namespace fs = std::filesystem;

struct DataSet {
  const char* folder;
  const char* name;  // in the columns of the table
};
constexpr std::array<DataSet, 3> kDataSets = {{{"nasbench201_cifar10-10", "cifar10"},
                                               {"nasbench201_cifar100-10", "cifar100"},
                                               {"nasbench201_img16-10", "imagenet16-120"}}};
// A record has 3 KB; what is far larger is something else.
constexpr std::uintmax_t kLargestFile = 1 << 20;

// The number in "<number>.json", to order files by; others come last and are refused when read.
std::int64_t IndexIn(const fs::path& file) {
  const std::string stem = file.stem().string();
  std::int64_t index = 0;
  const auto [end, error] = std::from_chars(stem.data(), stem.data() + stem.size(), index);
  const bool number = error == std::errc() && end == stem.data() + stem.size();
  return number ? index : std::numeric_limits<std::int64_t>::max();
}

std::vector<fs::path> RecordsIn(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".json" && !entry.is_directory()) files.push_back(entry);
  }
  std::sort(files.begin(), files.end(), [](const fs::path& left, const fs::path& right) {
    const std::int64_t a = IndexIn(left), b = IndexIn(right);
    return a != b ? a < b : left < right;
  });
  return files;
}

struct Source {
  std::string data_set;  // empty: of no data set that we know
  std::vector<fs::path> files;
};

// Folders of data sets in or below `folder`, in the order of kDataSets.
std::vector<Source> FindSources(const fs::path& folder) {
  std::array<std::optional<fs::path>, kDataSets.size()> found;
  const auto look_at = [&](const fs::path& candidate, const fs::path& name) {
    for (std::size_t i = 0; i < kDataSets.size(); ++i) {
      if (name != kDataSets[i].folder) continue;
      if (found[i]) {
        Throw(ErrorCode::kCorrupt, "'{}' and '{}' are two folders of one data set",
              std::min(*found[i], candidate).string(), std::max(*found[i], candidate).string());
      }
      found[i] = candidate;
    }
  };
  fs::path whole = fs::absolute(folder).lexically_normal();
  if (!whole.has_filename()) whole = whole.parent_path();
  look_at(folder, whole.filename());
  for (auto entry = fs::recursive_directory_iterator(folder);
       entry != fs::recursive_directory_iterator(); ++entry) {
    if (!entry->is_directory()) continue;
    const fs::path name = entry->path().filename();
    if (name.string().starts_with(".")) {
      entry.disable_recursion_pending();  // .git
    } else {
      look_at(entry->path(), name);
    }
  }
  std::vector<Source> sources;
  for (std::size_t i = 0; i < kDataSets.size(); ++i) {
    if (!found[i]) continue;
    std::vector<fs::path> files = RecordsIn(*found[i]);
    if (!files.empty()) sources.push_back({kDataSets[i].name, std::move(files)});
  }
  if (sources.empty()) {
    std::vector<fs::path> files = RecordsIn(folder);
    if (!files.empty()) sources.push_back({"", std::move(files)});
  }
  return sources;
}

class Importer {
 public:
  Importer(const SearchSpace& space, const std::vector<Source>& sources)
      : space_(space), sources_(sources) {}

  // Of the source of this number. Sources come in their order.
  void Read(const fs::path& file, std::size_t source) {
    std::error_code error;
    if (fs::file_size(file, error) > kLargestFile && !error) {
      Throw(ErrorCode::kCorrupt, "'{}': larger than any record of a cell", file.string());
    }
    const AuthorsRecord record = ParseAuthorsRecord(file, ReadFile(file), space_);
    const auto [known, is_new_cell] = index_of_.emplace(record.architecture, record.index);
    if (known->second != record.index) {
      Throw(ErrorCode::kCorrupt, "'{}' and '{}' hold the same cell",
            rows_.at(known->second).file.string(), file.string());
    }
    const auto [place, is_new_row] = rows_.try_emplace(record.index);
    Row& row = place->second;
    if (is_new_row) {
      row.file = file;
      row.record = record;
    } else if (row.record.architecture != record.architecture) {
      Throw(ErrorCode::kCorrupt, "'{}' and '{}' hold different cells", row.file.string(),
            file.string());
    }
    if (!first_) first_ = record.index;
    const Row& first = rows_.at(*first_);
    if (record.landscape_losses.size() != first.record.landscape_losses.size() ||
        record.train_losses.size() != first.record.train_losses.size()) {
      Throw(ErrorCode::kCorrupt, "'{}' has another number of losses than '{}'", file.string(),
            first.file.string());
    }
    row.differs = row.differs || !row.record.SameMote(record);
    row.measured[source] = {record.sizes, record.truths};
  }

  ImportedTable Table() const {
    ImportedTable table;
    table.csv = Header();
    table.cells = int(rows_.size());
    for (const auto& [index, row] : rows_) {
      table.csv += RowText(index, row);
      table.differing += row.differs ? 1 : 0;
    }
    for (const Source& source : sources_) {
      table.files += int(source.files.size());
      if (!source.data_set.empty()) table.data_sets.push_back(source.data_set);
    }
    return table;
  }

 private:
  // What depends on the data set.
  struct Measured {
    std::vector<double> sizes, truths;
  };
  struct Row {
    fs::path file;  // the first one
    AuthorsRecord record;
    std::map<std::size_t, Measured> measured;  // by source
    bool differs = false;
  };

  bool HasSizes() const { return !sources_.empty() && sources_[0].data_set == kDataSets[0].name; }

  std::string Header() const {
    std::string text = "index,arch";
    const auto add = [&text](const std::string& name) { text += "," + name; };
    for (const RecordField& field : kScoreFields) add(field.column);
    const AuthorsRecord& first = rows_.at(*first_).record;
    for (std::size_t i = 0; i < first.landscape_losses.size(); ++i) {
      add(fmt::format("landscape_loss_{}", i));
    }
    for (std::size_t i = 0; i < first.train_losses.size(); ++i) {
      add(fmt::format("train_loss_{}", i + 1));
    }
    if (HasSizes()) {
      for (const RecordField& field : kSizeFields) add(field.column);
    }
    for (const Source& source : sources_) {
      if (source.data_set.empty()) continue;
      for (const RecordField& field : kTruthFields) add(source.data_set + "_" + field.column);
    }
    return text + "\n";
  }

  std::string RowText(std::int64_t index, const Row& row) const {
    std::string text = fmt::format("{},{}", index, row.record.architecture);
    const auto add = [&text](const std::vector<double>& values) {
      for (const double value : values) text += fmt::format(",{}", value);
    };
    add(row.record.scores);
    add(row.record.landscape_losses);
    add(row.record.train_losses);
    for (std::size_t s = 0; s < sources_.size(); ++s) {
      if (sources_[s].data_set.empty()) continue;
      const auto found = row.measured.find(s);
      const bool sizes = s == 0 && HasSizes();
      if (found == row.measured.end()) {
        text.append(kTruthFields.size() + (sizes ? kSizeFields.size() : 0), ',');
        continue;
      }
      if (sizes) add(found->second.sizes);
      add(found->second.truths);
    }
    return text + "\n";
  }

  const SearchSpace& space_;
  const std::vector<Source>& sources_;
  std::map<std::int64_t, Row> rows_;
  std::map<std::string, std::int64_t> index_of_;  // by architecture
  std::optional<std::int64_t> first_;             // of the first file
};

// zlib's own header has no time and no name: equal content gives equal bytes.
std::string Gzipped(std::string_view content) {
  z_stream stream{};
  constexpr int kGzip = 16, kWindow = 15, kMemory = 8;
  if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, kWindow + kGzip, kMemory,
                   Z_DEFAULT_STRATEGY) != Z_OK) {
    Throw(ErrorCode::kOutOfMemory, "no memory to pack a table");
  }
  std::string packed(deflateBound(&stream, content.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
  stream.avail_in = uInt(content.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = uInt(packed.size());
  const int status = deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  MOTE_CHECK(status == Z_STREAM_END, "status {}", status);
  return packed;
}

}  // namespace

ImportedTable ImportAuthorsRecords(const fs::path& folder, const SearchSpace& space,
                                   const ImportProgress& progress, const StopToken* stop) {
  std::error_code error;
  if (!fs::exists(folder, error)) {
    Throw(ErrorCode::kNotFound, "there is no folder '{}'", folder.string());
  }
  if (!fs::is_directory(folder, error)) {
    Throw(ErrorCode::kNotFound, "'{}' is no folder", folder.string());
  }
  std::vector<Source> sources;
  try {
    sources = FindSources(folder);
  } catch (const fs::filesystem_error& failure) {
    Throw(ErrorCode::kIo, "cannot read '{}': {}", failure.path1().string(),
          failure.code().message());
  }
  if (sources.empty()) {
    Throw(ErrorCode::kNotFound,
          "'{}' holds no records: no folder nasbench201_cifar10-10, nasbench201_cifar100-10 or "
          "nasbench201_img16-10 with files <index>.json",
          folder.string());
  }
  int total = 0, done = 0;
  for (const Source& source : sources) total += int(source.files.size());
  Importer importer(space, sources);
  for (std::size_t s = 0; s < sources.size(); ++s) {
    for (const fs::path& file : sources[s].files) {
      if (stop) stop->ThrowIfRequested();
      importer.Read(file, s);
      if (progress) progress(++done, total);
    }
  }
  return importer.Table();
}

void WriteTable(const fs::path& path, std::string_view csv) {
  if (path.extension() == ".gz") {
    WriteFileAtomically(path, Gzipped(csv));
  } else {
    WriteFileAtomically(path, csv);
  }
}

}  // namespace mote
