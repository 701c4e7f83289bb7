// The deck: the assignment of the article's elements to slides.

import Foundation

extension HTMLRenderer {
  /// Whether a paragraph is a title for the text after it: entirely bold and not a sentence.
  static func isTitle(_ inlines: [Inline]) -> Bool {
    guard inlines.count == 1, case .strong(let inner)? = inlines.first else { return false }
    return Markdown.plain(inner).last.map { !".!:;,…".contains($0) } ?? false
  }

  /// Distributes items with heights to slides of a maximum height: as few as possible, and filled evenly.
  static func dealt(_ heights: [Double], within full: Double) -> [Int] {
    func dealt(_ limit: Double) -> [Int] {
      var counts: [Int] = []
      var height = Double.infinity
      for next in heights {
        if height + next > limit {
          counts.append(0)
          height = 0
        }
        counts[counts.count - 1] += 1
        height += next
      }
      return counts
    }
    let fewest = dealt(full).count
    return stride(from: heights.max() ?? full, to: full, by: 0.5).lazy.map(dealt).first { $0.count == fewest }
      ?? dealt(full)
  }

  /// The number of lines that a text takes with a number of letters per line.
  private static func lines(_ text: String, of letters: Int) -> Double {
    Double(max(1, (Markdown.plain(text).count + letters - 1) / max(letters, 1)))
  }

  /// Distributes the rows of a long table.
  static func shares(_ table: Table) -> [Int] {
    let (cells, _) = table.formatted()
    let letters = 74 / max(cells.first?.count ?? 1, 1)
    let heights = cells.map { row in 0.5 + (row.map { lines($0, of: letters) }.max() ?? 1) }
    return heights.isEmpty ? [0] : dealt(heights, within: 15)
  }

  /// Distributes the lines of long code. Each slide has as many lines as can be read from the back of a room, and
  /// starts at a suitable line.
  static func shares(ofCode text: String) -> [Int] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    // On a 4:3 screen, a line has space for seventy letters; longer lines are wrapped.
    let heights = lines.map { max(1, ($0.count + 69) / 70) }
    let height = heights.reduce(0, +), slides = (height + 15) / 16
    guard slides > 1 else { return [] }
    /// The penalty for starting a slide with a line: lowest after an empty line, higher inside a block, and highest for
    /// a closing bracket or a continued expression.
    func badness(_ line: Int) -> Int {
      let text = lines[line]
      if text.isEmpty || text.trimmed.first.map({ "})].:?".contains($0) }) ?? true { return 100 }
      let depth = text.prefix { $0 == " " }.count
      return lines[line - 1].trimmed.isEmpty ? depth : depth + 4
    }
    var counts: [Int] = []
    var from = 0
    for slide in 0..<(slides - 1) {
      let share = heights[from...].reduce(0, +) / (slides - slide)
      var even = from, sum = 0
      while sum < share, even < lines.count { (sum, even) = (sum + heights[even], even + 1) }
      let cut =
        (max(even - 5, from + 1)...min(even + 5, lines.count - 1))
        .min { (badness($0) * 2 + abs($0 - even), $0) < (badness($1) * 2 + abs($1 - even), $1) } ?? even
      counts.append(cut - from)
      from = cut
    }
    return counts + [lines.count - from]
  }

  /// Distributes claims with their reasons.
  static func shares(_ claims: [Claim]) -> [Int] {
    // Heights in rem; the numbers of letters per line were counted on slides.
    dealt(
      claims.map { claim in
        let other = claim.other.map { lines($0.text, of: 60) } ?? 0
        let reason = lines(claim.seedCount + claim.reason, of: 60)
        return 1 + 1.4
          * (lines(claim.text + claim.source, of: 50) + lines(claim.published + claim.measured, of: 46) + other
            + reason)
      }, within: 15.7)
  }

  /// A slide of the deck, or of its appendix.
  struct Card {
    /// The title, as HTML.
    var title: String
    /// What the speaker says, as HTML.
    var notes = ""
    /// Whether the slide is in the appendix, for questions after the talk.
    var isAppendix = false

    var json: JSONValue {
      ["title": .string(title), "notes": .string(notes), "appendix": .bool(isAppendix)]
    }
  }

  /// Assigns the elements to slides: the title, the elements that the chapter marked, and an appendix with the other
  /// exhibits.
  ///
  /// If a chapter marks nothing, the deck has its question, its predictions, its figures and its takeaway.
  static func deal(_ elements: inout [Element], chapter: String) -> [Card] {
    let isMarked = elements.contains { !$0.marks.isEmpty }
    var cards: [Card] = []
    /// Puts an element on a new slide, with the paragraphs that lead to it as notes.
    func put(_ index: Int, _ card: Card) {
      elements[index].slides.append(cards.count)
      for leading in leading(to: index, in: elements) { elements[leading].notes.append(cards.count) }
      cards.append(card)
    }
    var section: String?
    var hasQuestion = false
    for index in elements.indices {
      let element = elements[index]
      for mark in element.marks {
        put(index, Card(title: HTML.markdown(mark.title), notes: HTML.blocks(Markdown.parse(mark.notes))))
        // A marked table or code excerpt is on one slide as a whole.
        elements[index].rows = []
      }
      switch element.role {
      case .head: put(index, Card(title: ""))
      case .heading: section = section ?? element.title
      case .paragraph where !isMarked && !hasQuestion:
        put(index, Card(title: section ?? chapter))
        hasQuestion = true
      case .prediction, .figure, .takeaway: if !isMarked { put(index, Card(title: element.title)) }
      default: break
      }
    }
    // The appendix: the remaining exhibits, with long tables and long code in parts.
    for index in elements.indices {
      let element = elements[index]
      if element.role == .heading { section = element.title }
      guard element.slides.isEmpty,
        [.code, .formula, .figure, .prediction, .takeaway, .exhibit].contains(element.role)
      else { continue }
      let title = element.title.isEmpty ? section ?? chapter : element.title
      let parts = max(element.rows.count, 1)
      for part in 0..<parts {
        let number = parts > 1 ? " <small>\(part + 1) of \(parts)</small>" : ""
        put(index, Card(title: title + number, isAppendix: true))
      }
    }
    return cards
  }

  /// The paragraphs that lead to an element: those between it and the previous exhibit or heading.
  private static func leading(to index: Int, in elements: [Element]) -> [Int] {
    var result: [Int] = []
    for place in elements[..<index].indices.reversed() {
      switch elements[place].role {
      case .paragraph, .text, .aside: result.append(place)
      case .slide, .subheading, .answer: continue
      default: return result.reversed()
      }
    }
    return result.reversed()
  }
}
