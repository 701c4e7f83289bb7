// A picture on a page: what is plotted, and what it shows.

import Basics

/// A picture on a page.
///
/// A figure is data: what is drawn, and the finding in words. Gnuplot draws it; a renderer decides where it goes.
public struct Figure: Sendable {
  /// The stem of the figure's files and its anchor: `std-by-depth`. Made from the title where not given.
  public var name: String
  /// The heading of its slide and the start of its caption: the finding, in a sentence, in Markdown.
  public var title: String
  /// What else is to be said, in Markdown: how to read it, the data it rests on.
  public var caption: String
  /// What is drawn. More than one: the frames of an explorable figure, in the order of `parameter.values`.
  public var frames: [Plot]
  /// The parameter that the reader moves, where there is one.
  public var parameter: FigureParameter?
  /// The title of each frame, where they do not all show the same; empty where they do.
  public var frameTitles: [String] = []
  /// The caption of each frame, likewise.
  public var frameCaptions: [String] = []
  /// Whether the figure may be wider than the text.
  public var isWide: Bool

  /// Creates a figure of one plot.
  public init(_ title: String, _ plot: Plot, caption: String = "", name: String? = nil, isWide: Bool = false) {
    self.name = name ?? Figure.slug(title)
    self.title = title
    self.caption = caption
    self.frames = [plot]
    self.parameter = nil
    self.isWide = isWide
  }

  /// Creates an explorable figure: one plot for each value of a parameter, all computed by the run.
  ///
  /// - Parameters:
  ///   - title: What all frames show together: it names the figure, and stands where nothing moves.
  ///   - parameter: What the slider moves: its name and its values.
  ///   - caption: What is to be said of all frames.
  ///   - name: The stem of the figure's files; made from the title by default.
  ///   - isWide: Whether the figure may be wider than the text.
  ///   - titles: What the frame of a value shows, where that differs from frame to frame; it follows the slider.
  ///   - captions: What else is to be said of that frame.
  ///   - frame: Computes the plot of a value.
  public init(
    _ title: String, exploring parameter: FigureParameter, caption: String = "", name: String? = nil,
    isWide: Bool = false, titles: ((Double) -> String)? = nil, captions: ((Double) -> String)? = nil,
    frame: (Double) throws -> Plot
  ) rethrows {
    self.name = name ?? Figure.slug(title)
    self.title = title
    self.caption = caption
    self.frames = try parameter.values.map(frame)
    self.parameter = parameter
    self.isWide = isWide
    if let titles { frameTitles = parameter.values.map(titles) }
    if let captions { frameCaptions = parameter.values.map(captions) }
  }

  /// The frame shown first.
  var initialFrame: Int { min(max(parameter?.initial ?? 0, 0), max(frames.count - 1, 0)) }

  /// The title of a frame.
  func title(of frame: Int) -> String { frameTitles.indices.contains(frame) ? frameTitles[frame] : title }

  /// The caption of a frame.
  func caption(of frame: Int) -> String { frameCaptions.indices.contains(frame) ? frameCaptions[frame] : caption }

  /// A caption where nothing can be moved: `Move ŷ: the push follows.` becomes `The push follows.`
  static func still(_ caption: String) -> String {
    sentences(caption).compactMap { sentence -> String? in
      guard let match = sentence.prefixMatch(of: #/(?:Move|Drag|Slide|Turn)\b[^:.?!]*(:\s+)?/#) else { return sentence }
      let rest = sentence[match.range.upperBound...]
      return match.1 == nil || rest.isEmpty ? nil : rest.prefix(1).uppercased() + rest.dropFirst()
    }.joined(separator: " ")
  }

  /// The sentences of a text.
  static func sentences(_ text: String) -> [String] {
    text.matches(of: #/\S(?:[^.?!]|[.?!](?!\s))*[.?!]*/#).map { String($0.output).trimmed }
  }

  /// `What is left?` becomes `what-is-left`.
  static func slug(_ text: String) -> String {
    let words = text.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
    return words.prefix(8).joined(separator: "-")
  }
}

/// The parameter of an explorable figure.
public struct FigureParameter: Sendable {
  /// What the slider is called: `standard deviation of the weights`.
  public var name: String
  /// Its unit, or empty.
  public var unit: String
  /// The values, one frame each; at least one.
  public var values: [Double]
  /// The index of the value shown first.
  public var initial: Int
  /// The names of categories, which are chosen by buttons; empty for values on a slider.
  public private(set) var names: [String] = []

  /// The value of a frame with its unit: `0.05 σ`.
  func value(of frame: Int) -> String {
    if names.indices.contains(frame) { return names[frame] }
    guard values.indices.contains(frame) else { return "" }
    return short(values[frame], digits: 3) + (unit.isEmpty ? "" : " " + unit)
  }

  /// Creates a parameter.
  public init(_ name: String, unit: String = "", values: [Double], initial: Int = 0) {
    self.name = name
    self.unit = unit
    self.values = values
    self.initial = initial
  }

  /// Creates a parameter of categories, each a button; a frame's value is its place among them.
  public init(_ name: String, names: [String], initial: Int = 0) {
    self.init(name, values: names.indices.map(Double.init), initial: initial)
    self.names = names
  }
}
