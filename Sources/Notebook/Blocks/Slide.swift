// The deck: what of a page is projected, under which titles, and what the speaker says.

/// A slide as its chapter wrote it.
public struct Slide: Sendable, Equatable {
  /// How long a title may be that the back row reads at a glance.
  public static let longestTitle = 60

  /// One finding, in Markdown.
  public var title: String
  /// What the speaker says, in Markdown.
  public var notes: String

  /// Whether the title can be read at a glance.
  public var isShort: Bool { Markdown.plain(title).count <= Slide.longestTitle }
}

extension Page {
  /// Adds a slide of its own words, which the page does not show: a question, a takeaway.
  ///
  /// - Parameters:
  ///   - title: one finding or one question, of at most 60 characters.
  ///   - markdown: what stands below it.
  ///   - notes: what the speaker says.
  public mutating func slide(_ title: String, _ markdown: String = "", notes: String = "") {
    add(.slide(Slide(title: title, notes: notes), Markdown.parse(markdown)))
  }

  /// Puts what was added last (a figure, question, formula, table, box, piece of code) on the deck.
  ///
  /// - Parameters:
  ///   - title: the finding, of at most 60 characters: one that the slide shows and the run's numbers decide.
  ///   - notes: what the speaker says; the paragraph that leads to it stands in the notes anyway.
  public mutating func project(_ title: String, notes: String = "") {
    add(.projection(Slide(title: title, notes: notes)))
  }

  /// Adds what is for a second reading: folded in a browser, indented in a terminal, open on paper.
  ///
  /// - Parameters:
  ///   - title: what is inside, in Markdown.
  ///   - content: adds it to the page.
  public mutating func fold(_ title: String, _ content: (inout Page) throws -> Void) rethrows {
    add(.foldStart(title))
    defer { add(.foldEnd) }
    try content(&self)
  }

  /// The slides that the chapter marked, in their order.
  public var deck: [Slide] {
    blocks.compactMap { block in
      switch block {
      case .slide(let slide, _), .projection(let slide): slide
      default: nil
      }
    }
  }
}
