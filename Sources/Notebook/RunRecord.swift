// The run behind a page: what was asked of it, on what it ran, how long it took.

/// What a page and a record say of the run that measured.
public struct RunRecord: Sendable, Equatable, Codable {
  /// Where all randomness started.
  public var seed: UInt64
  /// `quick`, `normal` or `full`.
  public var size: String
  /// What was measured on: `MNIST`, `synthetic digits`; empty where it is neither.
  public var data: String
  /// The threads used.
  public var threads: Int?
  /// How long it took, all sittings together.
  public var seconds: Double
  /// The day: `2026-11-21`; may be empty.
  public var date: String
  /// The seconds of each training by its place in the run: later runs estimate their own time by them.
  public var trainings: [String: Double]
  /// The chapter's own options.
  public var settings: [String: String]
  /// Versions of what computed and drew: `Swift` → `6.3`.
  public var versions: [String: String]

  /// Creates a record.
  public init(
    seed: UInt64 = 1, size: String = "normal", data: String = "", threads: Int? = nil, seconds: Double = 0,
    date: String = "", trainings: [String: Double] = [:], settings: [String: String] = [:],
    versions: [String: String] = [:]
  ) {
    self.seed = seed
    self.size = size
    self.data = data
    self.threads = threads
    self.seconds = seconds
    self.date = date
    self.trainings = trainings
    self.settings = settings
    self.versions = versions
  }

  private enum Key: String, CodingKey {
    case seed, size, data, threads, seconds, date, trainings, settings, versions
  }

  public init(from decoder: any Decoder) throws {
    let members = try decoder.container(keyedBy: Key.self)
    // A string: the numbers of JSON are exact up to 2⁵³ alone.
    guard let seed = UInt64(try members.decode(String.self, forKey: .seed)) else {
      throw DecodingError.dataCorruptedError(forKey: .seed, in: members, debugDescription: "expected a whole number")
    }
    self.init(
      seed: seed, size: try members.decode(String.self, forKey: .size),
      data: try members.decode(String.self, forKey: .data),
      threads: try members.decodeIfPresent(Int.self, forKey: .threads),
      seconds: try members.decode(Double.self, forKey: .seconds),
      date: try members.decode(String.self, forKey: .date),
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
    try members.encode(trainings.mapValues(milliseconds), forKey: .trainings)
    try members.encode(settings, forKey: .settings)
    try members.encode(versions, forKey: .versions)
  }

  /// `full run`, `quick run`; empty for the usual one.
  var sizeText: String { size == "normal" ? "" : size + " run" }

  /// `2026-11-21 · full run · MNIST`.
  var summary: String { [date, sizeText, data].filter { !$0.isEmpty }.joined(separator: " · ") }
}
