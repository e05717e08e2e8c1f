#include "mote/data/dataset.h"

#include <algorithm>
#include <system_error>

#include "mote/base/error.h"

namespace mote {
namespace {

namespace fs = std::filesystem;

// The length of the well-formed UTF-8 character at the start of `text`, or 0.
std::size_t Utf8Length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? std::uint8_t(text[i]) : 0u; };
  const unsigned lead = byte(0);
  const std::size_t length = lead < 0x80   ? 1
                             : lead < 0xC2 ? 0
                             : lead < 0xE0 ? 2
                             : lead < 0xF0 ? 3
                             : lead < 0xF5 ? 4
                                           : 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  // Overlong forms, surrogates and code points past U+10FFFF.
  const unsigned second = byte(1);
  if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) ||
      (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F)) {
    return 0;
  }
  return length;
}

// File names may hold any byte; what is shown and stored as JSON may not.
std::string Printable(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const std::size_t length = Utf8Length(text);
    const std::uint8_t lead = std::uint8_t(text[0]);
    if (length == 0 || lead < 0x20 || lead == 0x7F) {
      result += '?';
    } else {
      result += text.substr(0, length);
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return result;
}

void CheckSplit(const Dataset::Content& content, const std::string& name, const Split& split) {
  const std::size_t image = std::size_t(content.height) * content.width * 3;
  if (split.pixels.size() != split.labels.size() * image) {
    Throw(ErrorCode::kInvalidArgument,
          "dataset '{}': split {} has {} labels but {} bytes of pixels; {} images of {}x{} need {}",
          content.name, name, split.labels.size(), split.pixels.size(), split.labels.size(),
          content.height, content.width, split.labels.size() * image);
  }
  const int classes = int(content.class_names.size());
  for (std::size_t i = 0; i < split.labels.size(); ++i) {
    if (split.labels[i] < 0 || split.labels[i] >= classes) {
      Throw(ErrorCode::kInvalidArgument,
            "dataset '{}': image {} of split {} has label {}, but labels are 0 to {}", content.name,
            i, name, split.labels[i], classes - 1);
    }
  }
}

Hash128 Fingerprint(const Dataset::Content& content) {
  std::string text =
      fmt::format("dataset/1/{}x{}/{}", content.height, content.width, content.class_names.size());
  for (const auto& [name, split] : content.splits) {
    std::vector<std::byte> labels;  // low byte first, whatever the machine's order
    labels.reserve(split.labels.size() * 4);
    for (const int label : split.labels) {
      for (int shift = 0; shift < 32; shift += 8) labels.push_back(std::byte(label >> shift));
    }
    text += fmt::format("/{}:{}/{}/{}/{}", name.size(), name, split.labels.size(),
                        HashOf(std::as_bytes(std::span(split.pixels))).Hex(), HashOf(labels).Hex());
  }
  return HashOf(text);
}

using Loaders = std::vector<std::pair<std::string, std::unique_ptr<DatasetLoader>>>;

Loaders MakeLoaders(const DatasetRegistry& registry) {
  Loaders loaders;
  for (const std::string& name : registry.Names()) {
    loaders.emplace_back(name, registry.Create(name, {}));
  }
  return loaders;
}

const Loaders::value_type* Recogniser(const Loaders& loaders, const fs::path& path) {
  for (const auto& loader : loaders) {
    if (loader.second->Recognises(path)) return &loader;
  }
  return nullptr;
}

// What the user may have meant by a path that nobody recognises: "; ..." or nothing.
std::string Advice(const Loaders& loaders, const fs::path& path) {
  std::error_code error;
  if (fs::is_regular_file(path, error)) {
    const fs::path parent = path.has_parent_path() ? path.parent_path() : fs::path(".");
    if (const auto* loader = Recogniser(loaders, parent)) {
      return fmt::format("; it belongs to a dataset of kind {}: give its folder '{}'",
                         loader->first, parent.string());
    }
    return "";
  }
  std::vector<fs::path> folders;
  for (fs::directory_iterator entry(path, error), end; !error && entry != end;
       entry.increment(error)) {
    std::error_code ignored;
    if (entry->is_directory(ignored)) folders.push_back(entry->path());
  }
  std::sort(folders.begin(), folders.end());
  for (const fs::path& folder : folders) {
    if (const auto* loader = Recogniser(loaders, folder)) {
      return fmt::format("; did you mean '{}' ({})?", folder.string(), loader->first);
    }
  }
  return "";
}

}  // namespace

Dataset::Dataset(Content content) : content_(std::move(content)) {
  content_.name = Printable(content_.name);
  for (std::string& name : content_.class_names) name = Printable(name);
  for (std::string& note : content_.notes) note = Printable(note);
  if (content_.height < 1 || content_.width < 1) {
    Throw(ErrorCode::kInvalidArgument, "dataset '{}': images of {}x{} have no pixels",
          content_.name, content_.height, content_.width);
  }
  if (content_.class_names.size() < 2) {
    Throw(ErrorCode::kInvalidArgument,
          "dataset '{}' has {} class{}, but two are needed to tell images apart", content_.name,
          content_.class_names.size(), content_.class_names.size() == 1 ? "" : "es");
  }
  if (!HasSplit(kTrain) || split(kTrain).labels.empty()) {
    Throw(ErrorCode::kInvalidArgument, "dataset '{}' has no training images", content_.name);
  }
  for (const auto& [name, split] : content_.splits) CheckSplit(content_, name, split);
  fingerprint_ = Fingerprint(content_);
}

const Split& Dataset::split(std::string_view split) const {
  const auto found = content_.splits.find(split);
  if (found == content_.splits.end()) {
    Throw(ErrorCode::kNotFound, "dataset '{}' has no split '{}'; it has {}", name(), split,
          ListOr(split_names()));
  }
  return found->second;
}

std::vector<std::string> Dataset::split_names() const {
  std::vector<std::string> names;
  for (const std::string_view usual : {kTrain, kValidation, kTest}) {
    if (HasSplit(usual)) names.emplace_back(usual);
  }
  for (const auto& [name, split] : content_.splits) {
    if (name != kTrain && name != kValidation && name != kTest) names.push_back(name);
  }
  return names;
}

std::string Dataset::Describe() const {
  std::string counts;
  for (const std::string& name : split_names()) {
    counts += fmt::format("{}{} {}", counts.empty() ? "" : " + ", split(name).images(), name);
  }
  return fmt::format("{}: {}, {} images, {} classes, {}x{}", name(), kind(), counts, classes(),
                     height(), width());
}

void LoadOptions::Check() const {
  if (image_size < 1 || image_size > kLargestImageSize) {
    Throw(ErrorCode::kInvalidArgument, "image size is {}, but must be 1 to {}", image_size,
          kLargestImageSize);
  }
}

std::shared_ptr<const Dataset> LoadDataset(const DatasetRegistry& registry,
                                           const std::string& source, const LoadOptions& options) {
  options.Check();
  const Loaders loaders = MakeLoaders(registry);
  std::vector<std::string> named, kinds;
  for (const auto& [name, loader] : loaders) {
    if (loader->is_named() && name == source) {
      return std::make_shared<const Dataset>(loader->Load({}, options));
    }
    (loader->is_named() ? named : kinds).push_back(name);
  }
  const fs::path path(source);
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status)) {
    if (status.type() == fs::file_type::none) {
      Throw(ErrorCode::kIo, "cannot read dataset '{}': {}", source, error.message());
    }
    if (registry.Contains(source)) {
      Throw(ErrorCode::kNotFound,
            "'{}' is a kind of dataset that lies in a folder: give the folder's path", source);
    }
    Throw(ErrorCode::kNotFound,
          "there is no dataset '{}': no file or folder has that path, and the names are {}", source,
          ListOr(named));
  }
  if (const auto* loader = Recogniser(loaders, path)) {
    return std::make_shared<const Dataset>(loader->second->Load(path, options));
  }
  if (fs::is_directory(status) && fs::is_empty(path, error) && !error) {
    Throw(ErrorCode::kInvalidArgument, "'{}' is an empty folder; a dataset is a folder of kind {}",
          source, ListOr(kinds));
  }
  Throw(ErrorCode::kInvalidArgument, "'{}' is no dataset that mote knows; it reads {}{}", source,
        ListOr(kinds), Advice(loaders, path));
}

}  // namespace mote
