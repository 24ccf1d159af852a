-- Which words do people use most, in a column of texts?
--
-- text_words() has a row for each word of a value. `unicode` folds case and
-- leaves marks out, so "Slow," and slow are one word.
CREATE TEMP TABLE feedback(id INTEGER PRIMARY KEY, body TEXT);
INSERT INTO feedback(body) VALUES
  ('Fast, and it just works.'),
  ('Slow at first; fast once I set threads.'),
  ('It works! Fast search.'),
  (NULL),
  ('Search is slow. Slow, slow, slow.');

SELECT word, count(*) AS times, count(DISTINCT id) AS texts
FROM feedback, text_words(feedback.body, 'unicode')
WHERE length(word) > 3
GROUP BY word
ORDER BY times DESC, word
LIMIT 5;
