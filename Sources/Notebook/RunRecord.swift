// The run that produced a page: its options, its environment, and its duration.

import Basics

/// The description of a run in a page and in a record.
public struct RunRecord: Sendable, Equatable, Codable {
  /// The seed of all random numbers.
  public var seed: UInt64
  /// `quick`, `normal` or `full`.
  public var size: String
  /// The data: `MNIST`, `synthetic digits`; empty if it is neither.
  public var data: String
  /// The number of threads used.
  public var threads: Int?
  /// The duration in seconds, over all sessions of the run.
  public var seconds: Double
  /// The date: `2026-11-21`; may be empty.
  public var date: String
  /// The date of the last part that was measured later and added; nil if there is none.
  public var extended: String?
  /// The seconds of each training by its place in the run, from which later runs estimate their durations.
  public var trainings: [String: Double]
  /// The chapter's own options.
  public var settings: [String: String]
  /// The versions of the software that computed and drew: `Swift` → `6.3`.
  public var versions: [String: String]

  /// Creates a record.
  public init(
    seed: UInt64 = 1, size: String = "normal", data: String = "", threads: Int? = nil, seconds: Double = 0,
    date: String = "", extended: String? = nil, trainings: [String: Double] = [:], settings: [String: String] = [:],
    versions: [String: String] = [:]
  ) {
    self.seed = seed
    self.size = size
    self.data = data
    self.threads = threads
    self.seconds = seconds
    self.date = date
    self.extended = extended
    self.trainings = trainings
    self.settings = settings
    self.versions = versions
  }

  private enum Key: String, CodingKey {
    case seed, size, data, threads, seconds, date, extended, trainings, settings, versions
  }

  public init(from decoder: any Decoder) throws {
    let members = try decoder.container(keyedBy: Key.self)
    // The seed is a string, because numbers in JSON are exact only up to 2⁵³.
    guard let seed = UInt64(try members.decode(String.self, forKey: .seed)) else {
      throw DecodingError.dataCorruptedError(forKey: .seed, in: members, debugDescription: "expected a whole number")
    }
    self.init(
      seed: seed, size: try members.decode(String.self, forKey: .size),
      data: try members.decode(String.self, forKey: .data),
      threads: try members.decodeIfPresent(Int.self, forKey: .threads),
      seconds: try members.decode(Double.self, forKey: .seconds),
      date: try members.decode(String.self, forKey: .date),
      extended: try members.decodeIfPresent(String.self, forKey: .extended),
      trainings: try members.decodeIfPresent([String: Double].self, forKey: .trainings) ?? [:],
      settings: try members.decodeIfPresent([String: String].self, forKey: .settings) ?? [:],
      versions: try members.decodeIfPresent([String: String].self, forKey: .versions) ?? [:])
  }

  public func encode(to encoder: any Encoder) throws {
    var members = encoder.container(keyedBy: Key.self)
    func milliseconds(_ seconds: Double) -> Double { (seconds * 1000).rounded() / 1000 }
    try members.encode(String(seed), forKey: .seed)
    try members.encode(size, forKey: .size)
    try members.encode(data, forKey: .data)
    try members.encodeIfPresent(threads, forKey: .threads)
    try members.encode(milliseconds(seconds), forKey: .seconds)
    try members.encode(date, forKey: .date)
    try members.encodeIfPresent(extended, forKey: .extended)
    try members.encode(trainings.mapValues(milliseconds), forKey: .trainings)
    try members.encode(settings, forKey: .settings)
    try members.encode(versions, forKey: .versions)
  }

  /// `2026-11-21`; `2026-11-21 to 2026-11-24` if parts were added later; may be empty.
  public var days: String {
    guard let extended, extended != date else { return date }
    return "\(date) to \(extended)"
  }

  /// `14 s on 2 cores`; `more than 14 s on 2 cores` if parts were added later, whose cores may have been others.
  var duration: String {
    let time = (extended == nil ? "" : "more than ") + readableDuration(seconds: max(seconds, 0.5), .left)
    return threads.map { "\(time) on \($0) \($0 == 1 ? "core" : "cores")" } ?? time
  }

  /// `full run`, `quick run`; empty for a normal run.
  var sizeText: String { size == "normal" ? "" : size + " run" }

  /// `2026-11-21 · full run · MNIST`.
  var summary: String { [days, sizeText, data].filter { !$0.isEmpty }.joined(separator: " · ") }
}
