-- News on the broker whose order has left the house or is cancelled, whose parcel has left or is taken apart: it stands
-- for a day, then its topic is emptied.
CREATE TABLE ended_news (
    topic text PRIMARY KEY,
    ended_at bigint NOT NULL
)@clustered;
CREATE INDEX ended_news_at ON ended_news (ended_at, topic);
