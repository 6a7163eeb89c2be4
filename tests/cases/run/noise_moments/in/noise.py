import sys

rows = [[float(text) for text in line.split(",")] for line in sys.stdin]
moved = [row[1:] for row in rows if row[0] == 1]
count = len(moved)
print(count, len({x for x, y in moved}))
for i in range(2):  # normal with mean 0 and variance 1
    mean = sum(point[i] for point in moved) / count
    variance = sum(point[i] ** 2 for point in moved) / count
    print(abs(mean) < 0.04, abs(variance - 1) < 0.06)
print(abs(sum(x * y for x, y in moved)) / count < 0.04)
