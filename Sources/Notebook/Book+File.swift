// The book as one file: the front page, the claims, and every chapter with its slides.

extension Book {
  /// Returns the book as one HTML file.
  public func html(theme: Theme? = nil) -> String {
    let anchors = entries.map(\.anchor)
    let tested = claims
    let board =
      tested.isEmpty
      ? "<p>No claims were tested yet.</p>"
      : HTMLRenderer.board(tested.map(\.claim)) { index in
        let chapter = tested[index].chapter
        return (chapter, "#\(anchors[entries.firstIndex { $0.number == chapter } ?? 0])")
      }
    let contents = zip(anchors, entries).map { anchor, entry in
      let inner = entry.headings.map { "<li><a href=\"#\($0.id)\">\($0.title.escapedForMarkup)</a></li>" }.joined()
      let list = inner.isEmpty ? "" : "<ol class=\"inner\" data-part=\"\(anchor)\">\(inner)</ol>"
      return
        "<li><a data-link=\"\(anchor)\" href=\"#\(anchor)\">\(entry.number) \(HTML.markdown(entry.title))</a>\(list)</li>"
    }
    let articles = entries.indices.map { index in
      func way(_ other: Int) -> (address: String, title: String)? {
        entries.indices.contains(other)
          ? ("#" + anchors[other], "\(entries[other].number) \(HTML.markdown(entries[other].title))") : nil
      }
      let pager = HTMLRenderer.pager(
        before: way(index - 1) ?? ("#index", "Contents"), after: way(index + 1) ?? ("#claims", "All claims"))
      // Other chapters are in the same file; files beside a chapter's page are one folder further away.
      let article = zip(anchors, entries).reduce(entries[index].article) { article, chapter in
        let page = "href=\"../\(chapter.1.name.escapedForMarkup)/index.html"
        return article.replacing(page + "\"", with: "href=\"#\(chapter.0)\"")
          .replacing(page + "#fig", with: "href=\"#\(chapter.0)-fig")
      }
      return article.replacing(
        "href=\"figures/", with: "href=\"\(entries[index].name.escapedForMarkup)/figures/"
      ).replacing(
        "</article>",
        with: pager + "\n</article>",
        maxReplacements: 1)
    }
    let body = """
      <a class="skip" href="#index">Skip to the contents</a>
      <header class="top"><a class="book" href="#index">The ConvNet Workbook</a><nav aria-label="Book"><a href="#index">Contents and search</a><a href="#claims">Claims</a></nav><span class="keys"><button type="button" id="present"><kbd>p</kbd> present</button><button type="button" id="theme"><kbd>t</kbd> theme</button></span></header>
      <nav class="toc" aria-label="Chapters"><details open><summary>Chapters</summary><ol>\(contents.joined())</ol></details></nav>
      <main>
      <section id="index">\(front { "#\($0.anchor)" })</section>
      <section id="claims" data-name="Claims"><h1>Claims put to the test</h1><p class="lead">Every claim of the sources that a chapter measured, with the verdict its own run computed.</p>\(board)</section>
      \(articles.joined(separator: "\n"))
      </main>
      <footer><span>\(entries.count) \(entries.count == 1 ? "chapter" : "chapters") recorded</span><span>keys: <kbd>p</kbd> present <kbd>t</kbd> theme <kbd>/</kbd> search</span></footer>
      """
    return HTMLRenderer.document(
      title: "The ConvNet Workbook", body: body, theme: theme, presents: false,
      script: PageScript.book,
      // One module for all chapters: the last page's module is the newest, and every module contains all panels.
      module: entries.compactMap(\.module).last ?? "")
  }
}
