// `./workbook data mnist [--from DIR]`: fetch a data set, or import its files

import ArgumentParser
import Datasets
import Foundation
import Workbook

/// Fetches data sets that are not part of the repository.
struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "Fetch a data set (mnist, fashion-mnist, cifar-10), or import its files.",
    discussion: """
      \(PublishedSet.all.map { "\($0.name): \($0.contents), \($0.megabytes) MB." }.joined(separator: "\n"))

      An interrupted download continues where it stopped. The size and the SHA-256 digest of every file are verified \
      before it is stored. Chapters look for MNIST there; --data fashion-mnist or --data cifar-10 selects another set.
      """)

  @Argument(
    help: ArgumentHelp("The data set: \(PublishedSet.all.map(\.name).joined(separator: ", ")).", valueName: "set"),
    transform: { text in
      guard let set = PublishedSet.all.first(where: { $0.name == text }) else {
        throw ValidationError(
          "expected one of \(PublishedSet.all.map(\.name).joined(separator: ", ")), found '\(text)'")
      }
      return set
    })
  var set: PublishedSet

  @Option(help: ArgumentHelp("Import the files from this folder, compressed or not.", valueName: "dir"))
  var from: String?

  @Option(help: ArgumentHelp("The target folder (default: the workbook's folder in your cache).", valueName: "dir"))
  var to: String?

  @Option(help: ArgumentHelp("Try this address first, e.g. a server in the classroom.", valueName: "url"))
  var mirror: String?

  func validate() throws {
    if from != nil && mirror != nil {
      throw ValidationError("--from and --mirror: expected at most one, found both")
    }
    if let mirror, !["http", "https"].contains(URL(string: mirror)?.scheme ?? "") {
      throw ValidationError("--mirror: expected an address with http or https, found '\(mirror)'")
    }
  }

  func run() throws {
    let folder = to ?? set.cacheFolder()
    let failure =
      from.map { set.importFiles(from: $0, to: folder) }
      ?? set.download(to: folder, mirrors: (mirror.map { [$0] } ?? []) + set.mirrors)
    if let failure {
      printError("workbook data: \(failure)")
      throw ExitCode.failure
    }
    print("\(set.title) is in \(folder): \(set.contents).")
    if to != nil {
      print("To use it in a chapter, add  --data \(folder.escapedForShell)")
    } else if set.name != PublishedSet.mnist.name {
      print("To use it in a chapter, add  --data \(set.name)")
    }
  }
}

extension PublishedSet {
  /// Imports all files or none; returns the problem, if there is one.
  func importFiles(from source: String, to folder: String) -> String? {
    do {
      if let archive, let path = archive.path(in: source) {
        try unpack(path, to: folder)
        return nil
      }
      var found: [(String, PublishedFile)] = []
      // Verify all files before copying the first.
      for file in files {
        guard let path = file.path(in: source) else {
          return "\(source): expected \(file.name) or \(file.name).gz, found neither"
        }
        try file.verify(path)
        found.append((path, file))
      }
      for (path, file) in found {
        try file.store(path, in: folder)
        print("\(file.name)  verified")
      }
      return nil
    } catch {
      return "\(error)"
    }
  }

  /// Downloads the files that are missing in `folder`; returns the problem, if there is one.
  func download(to folder: String, mirrors: [String]) -> String? {
    func isHere(_ file: PublishedFile) -> Bool {
      file.path(in: folder).map { (try? file.verify($0)) != nil } ?? false
    }
    let missing = files.filter { file in
      if !isHere(file) { return true }
      print("\(file.name)  already here")
      return false
    }
    for file in missing.isEmpty ? [] : archive.map { [$0] } ?? missing {
      var problems: [String] = []
      guard mirrors.contains(where: { fetch(file, from: $0, to: folder, problems: &problems) }) else {
        let tried = problems.map { "\n  \($0)" }.joined()
        return "\(file.name) could not be downloaded from any of \(mirrors.count) servers:\(tried)\n"
          + "  Is there a network connection? Partial downloads are kept and continued next time.\n"
          + "  With the \(archive == nil ? "four files" : "archive \(file.name).gz, or its files,") in a folder:  "
          + "./workbook data \(name) --from DIR"
      }
      print("\(file.name)  verified")
    }
    return nil
  }

  /// Downloads one file from one server, and again from the beginning if a resumed download fails verification.
  private func fetch(
    _ file: PublishedFile, from mirror: String, to folder: String, problems: inout [String]
  ) -> Bool {
    let partial = folder + "/" + file.name + ".gz.part"
    guard let url = URL(string: mirror + "/" + file.name + ".gz") else { return false }
    for _ in 1...2 {
      do throws(DownloadError) {
        let wasResumed = try Download.get(url, to: partial, limit: file.size + 65_536, label: file.name)
        do {
          if archive == nil { try file.store(partial, in: folder) } else { try unpack(partial, to: folder) }
          try? FileManager.default.removeItem(atPath: partial)
          return true
        } catch {
          try? FileManager.default.removeItem(atPath: partial)
          if wasResumed { continue }
          problems.append(
            "\(url.host ?? mirror): \((error as? DataError).map { "expected \($0.expected), found \($0.found)" } ?? "\(error)")"
          )
          return false
        }
      } catch {
        problems.append("\(url.host ?? mirror): \(error.reason)")
        return false
      }
    }
    return false
  }
}
