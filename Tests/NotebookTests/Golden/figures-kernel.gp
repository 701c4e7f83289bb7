set encoding utf8
set terminal svg size 760,148 dynamic noenhanced font 'Inter,15' butt
unset key; unset border; unset tics
set lmargin at screen 0; set rmargin at screen 1
set tmargin at screen 1; set bmargin at screen 0
set xrange [0:760]; set yrange [148:0]
$cells << EOD
245 6 245 334 6 50 342635
335 6 335 424 6 50 3970503
425 6 425 514 6 50 16119283
245 51 245 334 51 95 3970503
335 51 335 424 51 95 16119283
425 51 425 514 51 95 14975546
245 96 245 334 96 140 16119283
335 96 335 424 96 140 14975546
425 96 425 514 96 140 8007424
EOD
set label 1 '−1.00' at screen 0.38092, screen 0.81081 center front textcolor rgb '#fdfdfe' font 'Inter,15'
set label 2 '−0.50' at screen 0.49934, screen 0.81081 center front textcolor rgb '#020202' font 'Inter,15'
set label 3 '0.00' at screen 0.61776, screen 0.81081 center front textcolor rgb '#020202' font 'Inter,15'
set label 4 '−0.50' at screen 0.38092, screen 0.50676 center front textcolor rgb '#020202' font 'Inter,15'
set label 5 '0.00' at screen 0.49934, screen 0.50676 center front textcolor rgb '#020202' font 'Inter,15'
set label 6 '0.50' at screen 0.61776, screen 0.50676 center front textcolor rgb '#020202' font 'Inter,15'
set label 7 '0.00' at screen 0.38092, screen 0.2027 center front textcolor rgb '#020202' font 'Inter,15'
set label 8 '0.50' at screen 0.49934, screen 0.2027 center front textcolor rgb '#020202' font 'Inter,15'
set label 9 '1.00' at screen 0.61776, screen 0.2027 center front textcolor rgb '#fdfdfe' font 'Inter,15'
plot \
  $cells using 1:2:3:4:5:6:7 with boxxyerror fc rgb variable fs solid 1 noborder notitle
