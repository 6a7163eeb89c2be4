# Draws the trajectories of `optexplore run --format gnuplot` over contours, one panel per optimizer.
#
#   optexplore run configs/book.json --format gnuplot -o book.dat
#   gnuplot -e "data='book.dat'; out='book.png'" scripts/plot.gp
#
# Optional variables: fn='x**2/20 + y**2' (the function beneath, in gnuplot's language), xmax=10 and
# ymax=5 (half the width and height of a panel), xkey and ykey (columns, default 2 and 3).

if (!exists("data")) { print "plot.gp: set data='FILE' with gnuplot -e"; exit status 2 }
if (!exists("out")) out = 'trajectories.png'
if (!exists("fn")) fn = 'x**2/20 + y**2'
if (!exists("xmax")) xmax = 10
if (!exists("ymax")) ymax = 5
if (!exists("xkey")) xkey = 2
if (!exists("ykey")) ykey = 3

set datafile missing 'nan'
stats data using xkey:ykey nooutput
panels = STATS_blocks
columns = ceil(sqrt(panels))
rows = ceil(panels / (1.0 * columns))

# Contours, dense near the minimum.
eval sprintf("f(x,y) = %s", fn)
set xrange [-xmax:xmax]
set yrange [-ymax:ymax]
set samples 161
set isosamples 161
set contour base
set cntrparam levels discrete 0.05, 0.25, 0.5, 1, 2, 3, 4, 5, 6, 7
unset surface
set table $contours
splot f(x,y)
unset table
unset contour
set surface

# Okabe & Ito's palette, told apart by colour-blind readers too.
array palette[7] = [0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0xE69F00, 0x56B4E9, 0x000000]
colour(i) = palette[i % 7 + 1]

set terminal pngcairo size 1200,rows > 1 ? 800 : 500 font 'sans,11'
set output out
set xlabel 'x' offset 0,0.7
set ylabel 'y' rotate by 0 offset 1.5,0
set key top right opaque
set multiplot layout rows,columns margins 0.06,0.98,0.08,0.98 spacing 0.05,0.09
do for [i = 0:panels - 1] {
  plot $contours using 1:2 with lines linecolor rgb '#b8b8b8' notitle, \
       data index i using xkey:ykey with linespoints linecolor rgb colour(i) linewidth 1.5 \
            pointtype 7 pointsize 0.6 title columnheader(1), \
       '+' using (0):(0) every ::0::0 with points linecolor rgb '#404040' pointtype 1 pointsize 1.5 notitle
}
unset multiplot
unset output
