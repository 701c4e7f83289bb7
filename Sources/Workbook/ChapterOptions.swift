// The options of every chapter, and the messages for invalid ones.

import ArgumentParser
import Foundation
import Notebook

/// The size of a run's experiments.
public enum RunSize: String, Sendable, CaseIterable {
  /// Seconds: for continuous integration and a first look.
  case quick
  /// Under a minute on two cores.
  case normal
  /// The published sizes.
  case full
}

extension Theme: ExpressibleByArgument {}

/// The options that all chapters share.
///
/// A chapter with its own options includes these as a group:
///
/// ```swift
/// struct LeNetOptions: ChapterArguments {
///   @OptionGroup var shared: ChapterOptions
///   @Option(help: "Passes over the training set.", transform: Whole.number(in: 1...1000)) var epochs = 3
/// }
/// enum LeNet: ChapterProgram { typealias Options = LeNetOptions … }
/// ```
public struct ChapterOptions: ChapterArguments, Sendable {
  /// `--quick`: small experiments, a few seconds.
  @Flag(help: "Small experiments, a few seconds.")
  public var quick = false

  /// `--full`: the published sizes.
  @Flag(help: "The published sizes; may take hours.")
  public var full = false

  /// `--resume`: continue an earlier run.
  @Flag(help: "Continue a --full run that was stopped (chapter 10: any run) from the files in its folder.")
  public var resume = false

  /// `--seed`: the seed of all random numbers.
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The seed of all random numbers: same seed, same page (default: 1).", valueName: "n"),
    transform: { text in
      guard let seed = UInt64(text) else {
        throw ValidationError("expected a whole number from 0 to \(UInt64.max), found '\(text)'")
      }
      return seed
    })
  public var seed: UInt64 = 1

  /// `--threads`, or nil for one per core.
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Threads to compute with (default: one per core). Changes no result.", valueName: "n"),
    transform: Whole.number(in: 1...1024))
  public var threads: Int?

  /// `--data`: the folder of MNIST or of a data set in the same format, or nil to look for MNIST.
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Folder of MNIST or of a data set in the same format, or the name of a fetched data set (default: MNIST in $MNIST_DIR, data/mnist, the cache folder; otherwise synthetic digits).",
      valueName: "dir"))
  public var data: String?

  /// `--from`: a file of findings to draw the page from, or nil to measure.
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Draw the page from the findings.json of an earlier run, without training.", valueName: "file"))
  public var from: String?

  /// `--out`: the folder of the page, or nil for `out/<chapter>`.
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Folder for the page, its figures and checkpoints (default: out/<chapter>).", valueName: "dir"))
  public var out: String?

  /// `--theme`, or nil for the format's own.
  @Option(help: "The theme of the page and its figures.")
  public var theme: Theme?

  /// `--format`, or nil for the terminal.
  @Option(help: "How the page is shown on standard output (default: terminal).")
  public var format: Presentation.Format?

  /// `--window`: also show each figure in a gnuplot window.
  @Flag(help: "Also show each figure in a gnuplot window.")
  public var window = false

  /// `--open`: open the finished page in the browser.
  @Flag(help: "Open the finished page in the browser.")
  public var open = false

  /// `--predict`: ask the reader before each experiment.
  @Flag(help: "Answer each question before its experiment runs.")
  public var predict = false

  /// `--mine`: use the learner's code instead of the library's.
  @Flag(help: "Use your own solved exercises instead of the library's code (chapters 4 and 10).")
  public var mine = false

  /// `--no-color`.
  @Flag(help: "No colour (also: NO_COLOR=1, or output that is not a terminal).")
  public var noColor = false

  /// `--no-pager`.
  @Flag(help: "No pager for a page longer than the terminal (also: PAGER=cat).")
  public var noPager = false

  public init() {}

  public mutating func validate() throws {
    if quick && full {
      throw ValidationError("--quick and --full: expected at most one, found both")
    }
    if from != nil, quick || full || resume || mine {
      throw ValidationError(
        "--from: expected no --quick, --full, --resume or --mine, since nothing is measured, found one")
    }
    for (option, value) in [("--data", data), ("--out", out)] where value?.isEmpty == true {
      throw ValidationError("\(option): expected a folder, found an empty name")
    }
    if let named = data {
      let data = PublishedSet.folder(named)
      self.data = data
      var isFolder: ObjCBool = false
      let exists = FileManager.default.fileExists(atPath: data, isDirectory: &isFolder)
      if !exists || !isFolder.boolValue {
        throw ValidationError(
          "--data: expected a folder with files in MNIST's format, or the name of a fetched data set, found "
            + "\(exists ? "a file" : "nothing") at '\(data)'. `./workbook data --help` lists the sets")
      }
    }
  }

  /// Quick, full, or neither.
  public var size: RunSize { quick ? .quick : full ? .full : .normal }

  public var shared: ChapterOptions { self }
}

/// The options of a chapter: the shared ones, and possibly its own.
public protocol ChapterArguments: ParsableArguments {
  /// The options that all chapters share.
  var shared: ChapterOptions { get }
  /// Whether runs of every size save their training runs, not only full ones.
  static var keepsShortRuns: Bool { get }
}

extension ChapterArguments {
  public static var keepsShortRuns: Bool { false }
}

/// Parses integers on the command line, with messages that state the expected and the found value.
///
/// ArgumentParser puts the option's name before the message: `The value '0' is invalid for '--threads <n>': …`.
public enum Whole {
  /// Returns a parser for integers in `range`, for the `transform` of an option.
  public static func number(in range: ClosedRange<Int>) -> @Sendable (String) throws -> Int {
    { text in
      guard let value = Int(text), range.contains(value) else {
        throw ValidationError(
          "expected a whole number from \(range.lowerBound) to \(range.upperBound), found '\(text)'")
      }
      return value
    }
  }
}

/// Parses decimal numbers on the command line; see ``Whole``.
public enum Real {
  /// Returns a parser for finite numbers in `range`, for the `transform` of an option; it rejects `nan` and `inf`.
  public static func number(in range: ClosedRange<Float>) -> @Sendable (String) throws -> Float {
    { text in
      guard let value = Float(text), value.isFinite, range.contains(value) else {
        throw ValidationError("expected a number from \(range.lowerBound) to \(range.upperBound), found '\(text)'")
      }
      return value
    }
  }
}
