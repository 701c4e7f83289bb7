// A reader against changed bytes, a few thousand times or for hours.

import Foundation

/// What is given to a reader: right files, words that matter to their format, and what mends a changed one.
public struct Fuzz {
  /// What came of it.
  public struct Count: Sendable {
    public var runs = 0
    /// Runs in which the reader threw.
    public var refused = 0
  }

  private let name: String
  private let seeds: [[UInt8]]
  private let dictionary: [[UInt8]]
  private let mend: ([UInt8]) -> [UInt8]

  /// Describes what is given to a reader.
  ///
  /// - Parameter mend: puts checksums right in half of the runs, so that what lies behind them is reached.
  public init(
    _ name: String, seeds: [[UInt8]], words: [String] = [], bytes: [[UInt8]] = [],
    mend: @escaping ([UInt8]) -> [UInt8] = { $0 }
  ) {
    self.name = name
    self.seeds = seeds
    dictionary = words.map { Array($0.utf8) } + bytes
    self.mend = mend
  }

  /// Words to which JSON is sensitive.
  public static let json = [
    "{", "}", "[", "]", ",", ":", "\"", "\\u0000", "\\ud800", "null", "true", "-1", "0", "1e400", "1e-400", "0.5",
    "9223372036854775808", "99999999999999999999", "[[[[[[[[", "{\"a\":", "\u{202E}", "=cmd",
  ]

  /// Gives the reader changed bytes: `WORKBOOK_FUZZ` times, or `usually`.
  ///
  /// A trap ends the process: the same run comes again with the same `WORKBOOK_FUZZ_SEED`, which is 1 unless it is said.
  /// `WORKBOOK_FUZZ_SECONDS` of computing end a long run before that, and `WORKBOOK_FUZZ_READER=CIFAR` keeps it to
  /// readers whose name begins so.
  public func run(usually: Int, read: ([UInt8]) throws -> Void) -> Count {
    let reader = ProcessInfo.processInfo.environment["WORKBOOK_FUZZ_READER"] ?? ""
    let asked = name.hasPrefix(reader) ? Self.number("WORKBOOK_FUZZ") : nil
    let most = Self.number("WORKBOOK_FUZZ_SECONDS").map { clock_t($0) * clock_t(CLOCKS_PER_SEC) }
    var mutator = Mutator(seed: UInt64(Self.number("WORKBOOK_FUZZ_SEED") ?? 1), dictionary: dictionary)
    var count = Count()
    let begin = clock()
    while count.runs < asked ?? usually {
      let changed = mutator.mutate(seeds[count.runs % seeds.count])
      do { try read(count.runs % 2 == 0 ? mend(changed) : changed) } catch { count.refused += 1 }
      count.runs += 1
      if asked != nil, count.runs % 1000 == 0, let most, clock() - begin > most { break }
    }
    if asked != nil {
      let seconds = Double(clock() - begin) / Double(CLOCKS_PER_SEC)
      print(
        "fuzzed \(name): \(count.runs) runs, \(count.refused) refused, \(Int(seconds)) s of computing in this process")
      fflush(nil)
    }
    return count
  }

  private static func number(_ variable: String) -> Int? {
    ProcessInfo.processInfo.environment[variable].flatMap { Int($0) }
  }
}

/// A file that is written over again and again, in memory where the system has such a folder.
public final class FuzzFile {
  public let folder: String
  public let path: String
  private let descriptor: Int32

  /// Makes the file, in a folder of its own.
  public init(_ name: String) throws {
    let memory = "/dev/shm"
    let parent = access(memory, W_OK) == 0 ? memory + "/" : NSTemporaryDirectory()
    folder = parent + "workbook-fuzz-" + UUID().uuidString
    path = folder + "/" + name
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw CocoaError(.fileWriteUnknown) }
  }

  deinit {
    close(descriptor)
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// Replaces what stands in the file.
  public func write(_ bytes: [UInt8]) throws {
    guard pwrite(descriptor, bytes, bytes.count, 0) == bytes.count, ftruncate(descriptor, off_t(bytes.count)) == 0
    else { throw CocoaError(.fileWriteUnknown) }
  }
}
