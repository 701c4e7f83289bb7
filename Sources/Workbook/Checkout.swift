// Paths: the checkout, its chapters, and the folders that runs write to.

import Foundation

/// The folders of the workbook.
public enum Checkout {
  /// The top folder of the checkout.
  ///
  /// The `workbook` script passes it as `$WORKBOOK_ROOT`. Under `swift run` it is found above the executable
  /// (`<root>/.build/…/ch04-weight-init`), and otherwise above the current folder; it is the first folder that
  /// holds both `Package.swift` and `Chapters`. An executable copied away from any checkout uses the current folder.
  public static let root: URL = {
    let here = URL(fileURLWithPath: FileManager.default.currentDirectoryPath, isDirectory: true)
    if let named = ProcessInfo.processInfo.environment["WORKBOOK_ROOT"], !named.isEmpty {
      return URL(fileURLWithPath: named, isDirectory: true)
    }
    let executable = Bundle.main.executableURL?.resolvingSymlinksInPath().deletingLastPathComponent()
    for start in [executable, here].compactMap({ $0 }) {
      if let found = checkout(above: start) { return found }
    }
    return here
  }()

  /// The chapters with a program in this checkout, in reading order: those of the curriculum and the reader's own.
  public static var chapters: [Chapter] {
    let folder = root.appendingPathComponent("Chapters").path
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter {
      exists("Chapters/\($0)/main.swift")
    }
    let others = Set(names).subtracting(Chapter.all.map(\.name)).compactMap { Chapter(folder: $0) }
    return (Chapter.all.filter { names.contains($0.name) } + others).sorted {
      ($0.number, $0.name) < ($1.number, $1.name)
    }
  }

  /// The record of a chapter's full run beside its sources: its findings if there are any, otherwise its run record.
  public static func record(of chapter: Chapter) -> URL {
    let findings = "Chapters/\(chapter.name)/findings.json"
    return root.appendingPathComponent(exists(findings) ? findings : "Chapters/\(chapter.name)/run.json")
  }

  /// Whether `path`, relative to ``root``, exists.
  public static func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: root.appendingPathComponent(path).path)
  }

  /// The default folder of a chapter's page, figures and checkpoints: `<root>/out/ch04-weight-init`.
  public static func output(of chapter: Chapter) -> URL {
    root.appendingPathComponent("out/\(chapter.name)", isDirectory: true)
  }

  /// The folder of answers and progress: `<root>/.workbook`, outside the sources and ignored by git, or the folder in
  /// `WORKBOOK_PROGRESS`.
  public static var progress: URL {
    if let named = ProcessInfo.processInfo.environment["WORKBOOK_PROGRESS"], !named.isEmpty {
      return URL(fileURLWithPath: named, isDirectory: true)
    }
    return root.appendingPathComponent(".workbook", isDirectory: true)
  }

  /// The first folder at or above `start` that looks like the workbook.
  static func checkout(above start: URL) -> URL? {
    var folder = start.standardizedFileURL
    while true {
      let holds = { FileManager.default.fileExists(atPath: folder.appendingPathComponent($0).path) }
      if holds("Package.swift") && holds("Chapters") { return folder }
      let parent = folder.deletingLastPathComponent().standardizedFileURL
      if parent.path == folder.path { return nil }
      folder = parent
    }
  }
}
