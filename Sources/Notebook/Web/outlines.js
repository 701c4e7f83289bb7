// The outlines of the bars, cells and bins of a picture, with the text for each, from the rows of the data file, which
// have the same order.

const outlines = {
  // The bars of the series are side by side in the slot of their category.
  // A slide shows some of the categories only.
  bars: ({value, slots, band, isUpright, names, count, places, of}, rows) =>
    (places ? rows.filter((row, k) => places.includes(k % of)) : rows).flatMap(([series, category, number, deviation], k) => {
    const place = Math.floor(k / count), length = (slots[1] - slots[0]) / count;
    const middle = slots[0] + (k % count + 0.5 + (place - (names.length - 1) / 2) * band) * length;
    const lowest = value[4] ? value[2] : Math.min(Math.max(0, value[2]), value[3]);
    const ends = [lowest, +number].map(v => placeOn(value, v)).sort((a, b) => a - b), half = band * length / 2;
    if (!ends.every(isFinite)) return [];
    const box = isUpright ? [middle - half, ends[0], middle + half, ends[1]] : [ends[0], middle - half, ends[1], middle + half];
    const spread = +deviation ? " ± " + told(+deviation) : "";
    return [{place, box, at: [middle, 0], name: [series, category].filter(Boolean).join(" · "), words: told(+number) + spread}];
  }),
  // A matrix, row by row.
  cells: ({box: [left, top, right, bottom], rows: high, columns: wide}, rows) => rows.map(([row, column, number], k) => {
    const place = Math.floor(k / wide), i = k % wide, w = (right - left) / wide, h = (bottom - top) / high;
    return {
      place, box: [left + i * w, top + place * h, left + (i + 1) * w, top + (place + 1) * h], at: [left + (i + 0.5) * w, 0],
      name: `${row} · ${column}`, words: isNaN(number) ? "–" : told(+number),
    };
  }),
  // Histograms, panel by panel; each panel has its maximum height and its number of bins.
  bins: ({panels}, rows) => {
    let from = 0;
    return panels.flatMap(([left, top, right, bottom, most, count], place) => {
      const w = (right - left) / count, mine = rows.slice(from, from += count);
      return mine.map(([row, column, low, high, height], k) => ({
        place, box: [left + k * w, bottom - Math.max(0, Math.min(1, height / most)) * (bottom - top), left + (k + 1) * w, bottom],
        at: [left + (k + 0.5) * w, 0], name: [row, column].filter(Boolean).join(" · "),
        words: `${told(+low, 3)} … ${told(+high, 3)}: ${told(+height, 3)}`,
      }));
    });
  },
};
