// A snapshot of files, to detect whether something was saved.

import Foundation

/// The modification times and sizes of the sources in some folders.
struct SourceState: Equatable {
  private var stamps: [String: Stamp] = [:]

  private struct Stamp: Equatable {
    var date: Date?
    var size: Int?
  }

  /// Takes a snapshot of the sources in folders, and of files.
  init(of places: [URL]) {
    let keys: Set<URLResourceKey> = [.contentModificationDateKey, .fileSizeKey]
    for place in places {
      let inside = FileManager.default.enumerator(
        at: place, includingPropertiesForKeys: Array(keys), options: .skipsHiddenFiles)
      // Editors create temporary files beside ours.
      for case let file as URL in inside ?? FileManager.DirectoryEnumerator()
      where Self.kinds.contains(file.pathExtension) {
        let values = try? file.resourceValues(forKeys: keys)
        stamps[file.path] = Stamp(date: values?.contentModificationDate, size: values?.fileSize)
      }
    }
  }

  /// A folder and all folders in it.
  static func folders(in place: URL) -> [String] {
    let inside = FileManager.default.subpaths(atPath: place.path) ?? []
    var isFolder: ObjCBool = false
    return [place.path]
      + inside.map { place.path + "/" + $0 }.filter {
        FileManager.default.fileExists(atPath: $0, isDirectory: &isFolder) && isFolder.boolValue
      }
  }

  private static let kinds: Set = ["swift", "js", "css", "html", "json", "safetensors", "c", "h"]
}
