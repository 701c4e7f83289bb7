// Numbers as the page writes them, and runs side by side.

import Foundation
import Synchronization
import Workbook

/// `0.046`: two digits that matter.
func short(_ value: Double) -> String { String(format: "%.2g", value) }

/// `16 %`.
func percent(_ share: Double) -> String { fixed(100 * share, 0) + " %" }

/// `0.0025`, `0.12`, `0.998`: two digits of a probability, or of what it lacks to 1.
func share(_ value: Double) -> String { value > 0.99 ? fixed(value, 3) : short(value) }

/// `2.8·10⁻⁹`: for numbers that only their size matters of.
func powerOfTen(_ value: Double) -> String {
  guard value > 0, value.isFinite else { return "\(value)" }
  let digits: [Character: Character] = [
    "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸", "9": "⁹", "-": "⁻",
  ]
  let exponent = Int(log10(value).rounded(.down))
  return fixed(value / pow(10, Double(exponent)), 1) + "·10" + String("\(exponent)".map { digits[$0] ?? $0 })
}

/// `302`, or `more than 5000` where a neuron did not get there.
func count(_ steps: Int?, limit: Int = 5000) -> String { steps.map { "\($0)" } ?? "more than \(limit)" }

/// A number of a table of softmaxes: `0.24`, `NaN`, `∞`.
func cell(_ value: Float, _ decimals: Int) -> String { fixed(Double(value), decimals) }

/// `3 seeds`, `1 seed`.
func counted(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

/// Returns what `body` returns; an error ends the program with one line on standard error.
func orStop<Value>(_ run: ChapterRun, _ body: () throws -> Value) throws -> Value {
  do {
    return try body()
  } catch {
    FileHandle.standardError.write(Data("\(run.chapter.name): \(error)\n".utf8))
    exit(65)
  }
}

/// Computes independent runs, as many at a time as there are cores: networks this small gain nothing from sharing them.
///
/// - Returns: the results in order, whatever the number of threads.
func inParallel<Value>(_ count: Int, _ compute: (Int) throws -> Value) throws -> [Value] {
  var results = [Result<Value, any Error>?](repeating: nil, count: count)
  results.withUnsafeMutableBufferPointer { results in
    guard let place = results.baseAddress else { return }
    Parallel.forEach(chunks: count) { index in (place + index).pointee = Result { try compute(index) } }
  }
  return try results.compactMap { try $0?.get() }
}

/// Counts finished runs on a progress bar, from any thread, and ends the program on Ctrl-C.
final class Ticker: Sendable {
  private let bar: ProgressBar
  private let run: ChapterRun
  private let done = Atomic(0)

  init(_ label: String, total: Int, _ run: ChapterRun, _ page: Page) {
    bar = page.progress(label, total: total)
    self.run = run
  }

  /// One more run begins, of so many steps of the bar.
  func tick(_ steps: Int = 1) {
    run.stopIfInterrupted()
    bar.update(done.wrappingAdd(steps, ordering: .relaxed).oldValue)
  }

  func finish() { bar.finish() }
}
