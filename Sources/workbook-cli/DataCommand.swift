// `./workbook data mnist [--from DIR]`: fetches the digits, or imports the four files

import ArgumentParser
import Foundation
import Workbook

/// Gets data sets that are not part of the repository.
struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "Data sets that are not part of this repository.", subcommands: [MNISTCommand.self])
}

/// Downloads or imports MNIST.
struct MNISTCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mnist", abstract: "Download the four MNIST files (11 MB), or import them from a folder.",
    discussion: """
      A download that was cut off goes on where it stopped. Every file's size and SHA-256 digest are verified before \
      it is put in its place, which is where all chapters look for it.
      """)

  @Option(help: ArgumentHelp("Import the files from this folder, compressed or not.", valueName: "dir"))
  var from: String?

  @Option(help: ArgumentHelp("Where they go (default: the workbook's folder in your cache).", valueName: "dir"))
  var to: String?

  @Option(help: ArgumentHelp("Try this address first, e.g. a server in the classroom.", valueName: "url"))
  var mirror: String?

  /// Where the four files have been published, in the order in which they are tried.
  static let mirrors = [
    "https://ossci-datasets.s3.amazonaws.com/mnist",
    "https://storage.googleapis.com/cvdf-datasets/mnist",
    "https://raw.githubusercontent.com/fgnt/mnist/master",
  ]

  func validate() throws {
    if from != nil && mirror != nil {
      throw ValidationError("--from and --mirror: expected at most one of the two, found both")
    }
    if let mirror, !["http", "https"].contains(URL(string: mirror)?.scheme ?? "") {
      throw ValidationError("--mirror: expected an address with http or https, found '\(mirror)'")
    }
  }

  func run() throws {
    let folder = to ?? MNIST.cacheFolder()
    var failure: String?
    if let from {
      failure = Self.importFiles(from: from, to: folder)
    } else {
      failure = Self.download(to: folder, mirrors: (mirror.map { [$0] } ?? []) + Self.mirrors)
    }
    if let failure {
      printError("workbook data: \(failure)")
      throw ExitCode.failure
    }
    print("MNIST is in \(folder): 60,000 digits to learn from and 10,000 to be tested on.")
    if to != nil {
      print("Chapters find it there with  --data \(folder.escapedForShell)  or  MNIST_DIR=\(folder.escapedForShell)")
    }
  }

  /// Imports all four files or none; returns what is wrong.
  static func importFiles(from source: String, to folder: String) -> String? {
    do {
      var found: [(String, MNIST.PublishedFile)] = []
      // All are verified before the first is copied.
      for file in MNIST.published {
        guard let path = MNIST.path(of: file.name, in: source) else {
          return "\(source): expected \(file.name) or \(file.name).gz, found neither"
        }
        try MNIST.verify(path, is: file)
        found.append((path, file))
      }
      for (path, file) in found {
        try MNIST.store(path, as: file, in: folder)
        print("\(file.name)  verified")
      }
      return nil
    } catch {
      return "\(error)"
    }
  }

  /// Downloads what is not yet in `folder`; returns what is wrong.
  static func download(to folder: String, mirrors: [String]) -> String? {
    for file in MNIST.published {
      if let path = MNIST.path(of: file.name, in: folder), (try? MNIST.verify(path, is: file)) != nil {
        print("\(file.name)  already here")
        continue
      }
      var problems: [String] = []
      guard mirrors.contains(where: { fetch(file, from: $0, to: folder, problems: &problems) }) else {
        let tried = problems.map { "\n  \($0)" }.joined()
        return "\(file.name) could not be had from any of \(mirrors.count) servers:\(tried)\n"
          + "  Is there a network? What was received is kept, and the next try goes on from it.\n"
          + "  With the four files in a folder:  ./workbook data mnist --from DIR"
      }
      print("\(file.name)  verified")
    }
    return nil
  }

  /// Downloads one file from one server, once more from its beginning if the resumed whole is not what was published.
  private static func fetch(
    _ file: MNIST.PublishedFile, from mirror: String, to folder: String, problems: inout [String]
  ) -> Bool {
    let partial = folder + "/" + file.name + ".gz.part"
    guard let url = URL(string: mirror + "/" + file.name + ".gz") else { return false }
    for _ in 1...2 {
      do throws(DownloadError) {
        let wasResumed = try Download.get(url, to: partial, limit: file.size + 65_536, label: file.name)
        do {
          try MNIST.store(partial, as: file, in: folder)
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
