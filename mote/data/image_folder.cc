// Images in one folder per class, at the top or below train/, val/ and test/.
#include <algorithm>
#include <cmath>

#include "mote/base/error.h"
#include "mote/data/dataset.h"
#include "mote/data/image_file.h"
#include "mote/data/resize.h"

namespace mote {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kExamples = 3;

// Things left out: how many, and the first of them by name.
struct LeftOut {
  int count = 0;
  std::vector<std::string> examples;

  void Add(const std::string& example) {
    if (++count <= int(kExamples)) examples.push_back(example);
  }
  // "skipped 5 <what>: 'a', 'b', 'c' and 2 more", if there is any.
  void Note(std::string_view one, std::string_view many, std::vector<std::string>& notes) const {
    if (count == 0) return;
    std::string list;
    for (const std::string& example : examples) list += (list.empty() ? "" : ", ") + example;
    if (count > int(examples.size())) list += fmt::format(" and {} more", count - examples.size());
    notes.push_back(fmt::format("skipped {} {}: {}", count, count == 1 ? one : many, list));
  }
};

struct Notes {
  LeftOut broken;   // images that could not be read
  LeftOut foreign;  // files that are no images
  LeftOut folders;  // folders where none belongs
};

bool IsHidden(const fs::path& path) { return path.filename().string().starts_with('.'); }

bool IsFolder(const fs::path& path) {
  std::error_code error;
  return fs::is_directory(path, error);
}

// In the order of the names' bytes, so that no file system or locale decides.
std::vector<fs::path> List(const fs::path& folder) {
  std::vector<fs::path> entries;
  std::error_code error;
  fs::directory_iterator entry(folder, error);
  for (const fs::directory_iterator end; !error && entry != end; entry.increment(error)) {
    entries.push_back(entry->path());
  }
  if (error) {
    Throw(ErrorCode::kIo, "cannot list folder '{}': {}", folder.string(), error.message());
  }
  std::sort(entries.begin(), entries.end(),
            [](const fs::path& a, const fs::path& b) { return a.native() < b.native(); });
  return entries;
}

std::vector<fs::path> ClassFolders(const fs::path& folder) {
  std::vector<fs::path> folders;
  for (const fs::path& entry : List(folder)) {
    if (!IsHidden(entry) && IsFolder(entry)) folders.push_back(entry);
  }
  return folders;
}

std::vector<std::string> FileNames(const std::vector<fs::path>& paths) {
  std::vector<std::string> names;
  for (const fs::path& path : paths) names.push_back(path.filename().string());
  return names;
}

bool HoldsClassFolders(const fs::path& folder) {
  return IsFolder(folder) && !ClassFolders(folder).empty();
}

// Whether an image lies in the folder or at most `depth` folders below it.
bool HoldsImage(const fs::path& folder, int depth) {
  const std::vector<fs::path> entries = List(folder);
  for (const fs::path& entry : entries) {
    if (HasImageName(entry) && !IsFolder(entry)) return true;
  }
  for (const fs::path& entry : entries) {
    if (depth > 0 && !IsHidden(entry) && IsFolder(entry) && HoldsImage(entry, depth - 1)) {
      return true;
    }
  }
  return false;
}

// Squeezes an image to a square; one that has the size already is kept to the bit.
void AppendResized(const Image& image, int side, std::vector<std::uint8_t>& pixels) {
  if (image.height == side && image.width == side) {
    pixels.insert(pixels.end(), image.pixels.begin(), image.pixels.end());
    return;
  }
  std::vector<float> resized(std::size_t(side) * side * 3);
  ResizeArea(image.pixels.data(), image.height, image.width, resized.data(), side, side, 3);
  for (const float value : resized) pixels.push_back(std::uint8_t(std::floor(value + 0.5f)));
}

// The classes of one tree, whose names the caller has checked.
Split ReadTree(const fs::path& root, const std::vector<fs::path>& classes, int side, Notes& notes) {
  Split split;
  for (std::size_t label = 0; label < classes.size(); ++label) {
    const int before = split.images();
    std::string first_reason;
    for (const fs::path& entry : List(classes[label])) {
      const std::string name = entry.lexically_relative(root).string();
      if (IsFolder(entry)) {
        notes.folders.Add(fmt::format("'{}'", name));
      } else if (!HasImageName(entry)) {
        notes.foreign.Add(fmt::format("'{}'", name));
      } else {
        try {
          AppendResized(ReadImage(entry), side, split.pixels);
          split.labels.push_back(int(label));
        } catch (const Error& error) {
          if (first_reason.empty()) first_reason = fmt::format("'{}': {}", name, error.what());
          notes.broken.Add(fmt::format("'{}' ({})", name, error.what()));
        }
      }
    }
    if (split.images() > before) continue;
    if (first_reason.empty()) {
      Throw(ErrorCode::kInvalidArgument,
            "class folder '{}' holds no .jpg, .jpeg or .png file; remove it or fill it",
            classes[label].string());
    }
    Throw(ErrorCode::kCorrupt, "none of the images in class folder '{}' can be read; first {}",
          classes[label].string(), first_reason);
  }
  return split;
}

// Throws unless both trees have the same classes.
void CheckSameClasses(const fs::path& root, std::string_view other_split,
                      const std::vector<std::string>& train,
                      const std::vector<std::string>& other) {
  const auto check = [&](const auto& here, std::string_view here_name, const auto& there,
                         std::string_view there_name) {
    for (const std::string& name : here) {
      if (!std::binary_search(there.begin(), there.end(), name)) {
        Throw(ErrorCode::kInvalidArgument,
              "'{}': class '{}' is in {}/ but not in {}/; both need the same classes",
              root.string(), name, here_name, there_name);
      }
    }
  };
  check(train, Dataset::kTrain, other, other_split);
  check(other, other_split, train, Dataset::kTrain);
}

// What lies beside the folders that are read.
void NoteStrays(const fs::path& folder, const fs::path& root,
                const std::vector<fs::path>& wanted_folders, Notes& notes) {
  for (const fs::path& entry : List(folder)) {
    const std::string name = fmt::format("'{}'", entry.lexically_relative(root).string());
    if (!IsFolder(entry)) {
      notes.foreign.Add(name);
    } else if (std::find(wanted_folders.begin(), wanted_folders.end(), entry) ==
               wanted_folders.end()) {
      notes.folders.Add(name);
    }
  }
}

class ImageFolderLoader : public DatasetLoader {
 public:
  // Generous: a folder of images that is not laid out well is answered by Load in words.
  bool Recognises(const fs::path& path) const override {
    try {
      return IsFolder(path) && (HoldsImage(path, 1) || HoldsImageBelow(path / Dataset::kTrain) ||
                                HoldsImageBelow(path / Dataset::kTest) ||
                                HoldsImageBelow(path / Dataset::kValidation));
    } catch (const Error&) {
      return false;  // a folder that may not be listed
    }
  }

  Dataset Load(const fs::path& path, const LoadOptions& options) const override {
    options.Check();
    Dataset::Content content{
        "image-folder", path.string(), options.image_size, options.image_size, {}, {}, {}};
    Notes notes;
    const fs::path train = path / Dataset::kTrain;
    if (HoldsClassFolders(train)) {
      const std::vector<fs::path> classes = ClassFolders(train);
      content.class_names = FileNames(classes);
      RequireTwoClasses(train, content.class_names);
      std::vector<fs::path> trees = {train};
      for (const std::string_view other : {Dataset::kValidation, Dataset::kTest}) {
        if (!IsFolder(path / other)) continue;
        trees.push_back(path / other);
        CheckSameClasses(path, other, content.class_names, FileNames(ClassFolders(path / other)));
      }
      NoteStrays(path, path, trees, notes);
      for (const fs::path& tree : trees) {
        const std::vector<fs::path> folders = ClassFolders(tree);
        NoteStrays(tree, path, folders, notes);
        content.splits[tree.filename().string()] =
            ReadTree(path, folders, options.image_size, notes);
      }
      if (trees.size() == 1) {
        content.notes.push_back("no folder val or test: there are only training images");
      }
    } else {
      for (const std::string_view other : {Dataset::kValidation, Dataset::kTest}) {
        if (HoldsClassFolders(path / other)) {
          Throw(ErrorCode::kInvalidArgument,
                "'{}' has class folders in {}/ but none in train/; training images are needed",
                path.string(), other);
        }
      }
      const std::vector<fs::path> classes = ClassFolders(path);
      content.class_names = FileNames(classes);
      RequireTwoClasses(path, content.class_names);
      NoteStrays(path, path, classes, notes);
      content.splits[std::string(Dataset::kTrain)] =
          ReadTree(path, classes, options.image_size, notes);
      content.notes.push_back("no folders train and test: all images are training images");
    }
    notes.broken.Note("unreadable image", "unreadable images", content.notes);
    notes.foreign.Note("file that is not a .jpg, .jpeg or .png in a class folder",
                       "files that are not .jpg, .jpeg or .png in a class folder", content.notes);
    notes.folders.Note("folder", "folders", content.notes);
    return Dataset(std::move(content));
  }

 private:
  static bool HoldsImageBelow(const fs::path& tree) {
    return IsFolder(tree) && HoldsImage(tree, 1);
  }

  static void RequireTwoClasses(const fs::path& folder, const std::vector<std::string>& classes) {
    if (classes.size() >= 2) return;
    Throw(ErrorCode::kInvalidArgument,
          "'{}' holds {}, but an image dataset needs two or more, each a folder of .jpg, .jpeg or "
          ".png files",
          folder.string(),
          classes.empty() ? "no class folder"
                          : fmt::format("one class folder ('{}')", classes.front()));
  }
};

}  // namespace

MOTE_DATASET(image_folder) {
  registry.Add("image-folder", "JPEG and PNG files in <class>/ or in {train,val,test}/<class>/", {},
               [](const Options&) { return std::make_unique<ImageFolderLoader>(); });
}

}  // namespace mote
