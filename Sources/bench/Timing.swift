// Timing: medians of several runs. Alternatives are measured alternately, so slow drifts of the machine affect both.

import Foundation

/// The times of one piece of work.
struct Timing: Codable {
  /// The seconds of each run, sorted.
  let seconds: [Double]
  /// The median of the seconds.
  let median: Double

  /// Creates a timing from the seconds of each run.
  ///
  /// - Precondition: at least one run.
  init(_ seconds: [Double]) {
    self.seconds = seconds.sorted()
    median = self.seconds[seconds.count / 2]
  }

  var fastest: Double { seconds[0] }
  var slowest: Double { seconds[seconds.count - 1] }
}

/// Runs each piece of work `runs` times, alternately: A B A B …
///
/// - Parameters:
///   - runs: the number of timed runs of each.
///   - works: the pieces of work; each returns the seconds of one run, and must already be warmed up.
/// - Throws: ``Interrupted`` between two pieces after Ctrl-C, and any error of a piece.
func inTurn(runs: Int, _ works: [() throws -> Double]) throws -> [Timing] {
  var seconds = works.map { _ in [Double]() }
  for _ in 0..<runs {
    for (index, work) in works.enumerated() {
      try Interruption.check()
      seconds[index].append(try work())
    }
  }
  return seconds.map(Timing.init)
}

/// Times short pieces of work alternately; each is repeated until a run is long enough for the clock.
///
/// - Parameters:
///   - runs: the number of timed runs of each piece.
///   - shortest: the minimum length of one run in seconds.
///   - works: the pieces.
/// - Returns: the times of one repetition.
func measure(runs: Int, shortest: Double = 0.02, _ works: [() -> Void]) throws -> [Timing] {
  let repeated = try works.map { work -> () -> Double in
    try Interruption.check()
    // The first call allocates memory, the second determines the number of repetitions.
    work()
    let once = seconds(of: work)
    let repeats = once >= shortest ? 1 : Int((shortest / max(once, 1e-7)).rounded(.up))
    return { seconds { for _ in 0..<repeats { work() } } / Double(repeats) }
  }
  return try inTurn(runs: runs, repeated)
}

/// The time that a piece of work takes, in seconds.
func seconds(of work: () throws -> Void) rethrows -> Double {
  let start = DispatchTime.now().uptimeNanoseconds
  try work()
  return Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9
}

/// The peak resident size of this process so far, in megabytes.
func peakMemory() -> Int {
  #if os(Linux)
  // Not getrusage: its value includes the maximum of the parent process.
  let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
  let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
  return (Int(line.filter(\.isNumber)) ?? 0) / 1024
  #else
  var usage = rusage()
  getrusage(RUSAGE_SELF, &usage)
  return usage.ru_maxrss / 1_048_576
  #endif
}
